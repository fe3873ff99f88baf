//! What is asked for and answered: a file a resource, its handlers with their descriptions.

pub mod addresses;
pub mod admin;
pub mod atlas;
pub mod batch;
pub mod docs;
pub mod editions;
pub mod fhir;
pub mod geometry;
pub mod health;
pub mod layers;
pub mod metrics;
pub mod ogc;
pub mod openapi;
pub mod page;
pub mod places;
pub mod preview;
pub mod problems;
pub mod resolve;
pub mod revision_steps;
pub mod revisions;
pub mod series;
pub mod tables;
pub mod territories;
pub mod tiles;
pub mod units;
pub mod web;
