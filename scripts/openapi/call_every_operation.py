"""Calls every operation of the description through a generated Python client.

usage: call_every_operation.py one|other URL openapi.json KEYS

KEYS are those of a planner, of somebody who decides and of an administrator, with commas between them.

`one` is a package made by openapi-python-client, `other` one made by openapi-generator. Which arguments an operation takes
stands once, in ARGUMENTS; an operation that is described and does not stand there, or the reverse, is an error.
"""

import importlib
import inspect
import json
import pkgutil
import sys
import typing

kind, url, path, keys = sys.argv[1:]
planner, approver, administrator = keys.split(",")
KEYS = {"decide_revision": approver, "publish_revision": approver, "reload_atlas": administrator}
document = json.load(open(path, encoding="utf-8"))
described = {
    operation["operationId"]: operation
    for item in document["paths"].values()
    for operation in item.values()
}

OLD, NEW = "demo-2017-07-01", "demo-2022-04-01"
TABLE = "annee,code,valeur\n2018,06324,120\n2024,06324,131\n"
RENAME = [{"op": "rename", "level": "clsc", "code": "06324", "name": "Centre-Ville"}]
made = {}  # identifier and version of the revision under work


def seen(more=None):
    return {"version": made["version"], **(more or {})}


# In the order in which they can be called: arguments of path and query, then the body. Bodies that depend on what was
# answered before are functions.
ARGUMENTS = {
    "show_page": ({}, None),
    "answer_form": ({}, {"place": "H2X 2S5"}),
    "show_style": ({}, None),
    "show_script": ({}, None),
    "resolve_one": ({"lat": 45.5088, "lon": -73.5542, "uncertainty_m": 300.0}, None),
    "resolve_many": ({}, [{"id": "a", "lat": 45.5088, "lon": -73.5542}, {"lat": 95, "lon": -73}]),
    "complete_typed": ({}, {"q": "rue prin", "limit": 5}),
    "complete_addresses": ({"q": "rue prin"}, None),
    "attach_rows": ({"columns": "status,clsc_code"}, "lat,lon\n45.5088,-73.5542\n"),
    "list_editions": ({}, None),
    "show_changes": ({"a": OLD, "b": NEW}, None),
    "show_crosswalk": ({"a": OLD, "b": NEW}, None),
    "check_series": ({}, TABLE),
    "bridge_series": ({"to": NEW}, TABLE),
    "list_territories": ({"level": "rss"}, None),
    "show_territory": ({"level": "clsc", "code": "06324"}, None),
    "show_level_geometry": ({"level": "rss"}, None),
    "show_geometry": ({"level": "clsc", "code": "06324"}, None),
    "show_atlas": ({}, None),
    "show_openapi": ({}, None),
    "show_openapi_3_0": ({}, None),
    "show_docs": ({}, None),
    "show_metrics": ({}, None),
    "show_landing": ({}, None),
    "show_conformance": ({}, None),
    "show_ogc_api": ({}, None),
    "list_collections": ({}, None),
    "show_collection": ({"collection": "clsc"}, None),
    "show_queryables": ({"collection": "clsc"}, None),
    "list_features": ({"collection": "rss", "limit": 2, "edition": OLD}, None),
    "show_feature": ({"collection": "rss", "id": "06"}, None),
    "show_capability": ({}, None),
    "list_locations": ({"type": "rss"}, None),
    "find_locations": ({}, {"contains": "45.5088|-73.5542"}),
    "show_location": ({"id": "clsc-06324"}, None),
    "list_organizations": ({}, None),
    "find_organizations": ({}, {"name": "centre"}),
    "show_organization": ({"id": "rts-063"}, None),
    "list_problems": ({}, None),
    "show_problem": ({"code": "not-found"}, None),
    "show_health": ({}, None),
    "show_readiness": ({}, None),
    "create_revision": ({}, {"name": "Essai", "base": NEW, "operations": RENAME}),
    "append_operations": ("id", lambda: seen({"operations": RENAME[:0] + [dict(RENAME[0], name="Centre")]})),
    "undo_operations": ("id", seen),
    "redo_operations": ("id", seen),
    "comment_revision": ("id", lambda: seen({"text": "À revoir."})),
    "judge_revision": ("id", lambda: seen({"aspect": "human", "text": "Deux équipes à avertir."})),
    "list_revisions": ({}, None),
    "show_revision": ("id", None),
    "show_revision_history": ("id", None),
    "show_revision_impact": ("id+outlines", None),
    "show_revision_dossier": ("id", None),
    "list_affected_units": ("id", None),
    "compare_revisions": ("id+with", None),
    "duplicate_revision": ("id", {"name": "Copie"}),
    "submit_revision": ("id", seen),
    "decide_revision": ("id", lambda: seen({"to": "in_analysis"})),
    "publish_revision": ("id", lambda: seen({"valid_from": "2028-04-01"})),
    "withdraw_revision": ("id", seen),
    "reload_atlas": ({}, {"path": None}),
}
# What is in analysis is not published, and what is served comes from no file: problems, well described.
EXPECTED = {"publish_revision": 409, "reload_atlas": 409}

differ = set(described) ^ set(ARGUMENTS)
assert not differ, f"described or called, but not both: {sorted(differ)}"


def arguments(name):
    wanted, body = ARGUMENTS[name]
    if isinstance(wanted, str):
        wanted = {
            "id": made["id"],
            **({"outlines": True} if "outlines" in wanted else {}),
            **({"with": OLD} if "with" in wanted else {}),
        }
    return dict(wanted), body() if callable(body) else body


def candidates(annotation):
    """Classes that an annotation may mean."""
    if isinstance(annotation, str):
        return []
    inner = typing.get_args(annotation)
    return [one for part in inner for one in candidates(part)] if inner else [annotation]


def built(annotation, body):
    """The body as an object of the client's own class, where it takes one."""
    if isinstance(body, list):
        return [built(annotation, one) for one in body]
    if not isinstance(body, dict):
        return body
    for known in candidates(annotation):
        if hasattr(known, "from_dict"):
            try:
                return known.from_dict(body)
            except Exception:
                continue
    raise AssertionError(f"no class of the client takes {body}")


def key_of(name):
    return KEYS.get(name, planner)


def call_one(name, wanted, body):
    client_package = importlib.import_module("one_client")
    for module in pkgutil.walk_packages(importlib.import_module("one_client.api").__path__, "one_client.api."):
        if module.name.rsplit(".", 1)[1] == name:
            function = importlib.import_module(module.name).sync_detailed
            break
    else:
        raise AssertionError(f"the client has no {name}")
    parameters = inspect.signature(function).parameters
    hints = typing.get_type_hints(function)
    given = {}
    for key, value in wanted.items():
        key = key if key in parameters else key + "_"
        for known in candidates(hints[key]):
            if isinstance(known, type) and issubclass(known, str) and known is not str:
                value = known(value)
        given[key] = value
    if body is not None:
        if isinstance(body, str):
            body = client_package.types.File(payload=body.encode()) if "File" in str(hints["body"]) else body
            given["body"] = body
        else:
            given["body"] = built(hints["body"], body)
    client = client_package.AuthenticatedClient(base_url=url, token=key_of(name), raise_on_unexpected_status=True)
    answer = function(client=client, **given)
    assert answer.parsed is not None or not answer.content or name in TEXTS, f"{name} was answered and not understood"
    return int(answer.status_code), answer.content


TEXTS = {"show_page", "answer_form", "show_style", "show_script", "show_docs", "show_metrics", "show_openapi_3_0", "attach_rows", "show_revision_dossier", "list_affected_units", "show_openapi"}


# Bodies that are forms, whose fields stand among the parameters.
FORMS = {"answer_form", "find_locations", "find_organizations"}


def call_other(name, wanted, body):
    package = importlib.import_module("other_client")
    api_class = next(
        value
        for key, value in vars(package).items()
        if key.endswith("Api") and inspect.isclass(value) and hasattr(value, name)
    )
    api = api_class(package.ApiClient(package.Configuration(host=url, access_token=key_of(name))))
    function = getattr(api, name + "_with_http_info")
    parameters = inspect.signature(function).parameters
    given = {key if key in parameters else "var_" + key: value for key, value in wanted.items()}
    if body is not None:
        if name in FORMS:
            given.update(body)
        else:
            described_body = [key for key in parameters if not key.startswith("_") and key not in given and key not in ("self", "lang")]
            left = [key for key in described_body if key not in {one["name"] for one in operation_parameters(name)}]
            (key,) = left
            if isinstance(body, str):
                given[key] = body
            else:
                hints = typing.get_type_hints(function, include_extras=False)
                classes = [known for known in candidates(hints[key]) if hasattr(known, "from_dict")]
                if name == "resolve_many":
                    given[key] = classes[0].from_json(json.dumps(body))
                else:
                    given[key] = built(hints[key], body)
    if name == "attach_rows":
        given["_content_type"] = "text/csv"
    try:
        answer = function(**given)
    except package.ApiException as problem:
        return problem.status, problem.body.encode()
    return answer.status_code, answer.raw_data


def operation_parameters(name):
    resolve = lambda one: document["components"]["parameters"][one["$ref"].rsplit("/", 1)[1]] if "$ref" in one else one
    return [resolve(one) for one in described[name].get("parameters", [])]


call = {"one": call_one, "other": call_other}[kind]
for name in ARGUMENTS:
    wanted, body = arguments(name)
    status, content = call(name, wanted, body)
    assert status == EXPECTED.get(name, 200), f"{name}: {status} {content[:500]}"
    if "revision" in name or name.endswith("operations"):
        try:
            revision = json.loads(content)
        except ValueError:
            continue
        if isinstance(revision, dict) and "version" in revision and name != "duplicate_revision":
            made.update(id=revision["id"], version=revision["version"])
print(f"{len(ARGUMENTS)} operations called through {kind}_client")
