// The beginning: takes the plain page over, which stays for who has no script.
import { render } from "preact";
import { App } from "./App";
import { followLook } from "./look/state";
import { followUrl, loadStart, readUrl } from "./state";
import { told } from "./ui";
import "./style.css";

readUrl();
const asked = new URLSearchParams(location.search);
// A language that a link asks for is kept by the page from here on.
if (asked.has("lang")) history.replaceState(null, "", location.pathname + location.hash);

async function start(): Promise<void> {
  try {
    await loadStart();
  } catch (error) {
    // The plain page stands, and says more than an empty one would.
    console.warn(told(error));
    setTimeout(() => void start(), 3000);
    return;
  }
  document.body.replaceChildren();
  // The style of the plain page goes with it.
  document.querySelector('link[href="style.css"]')?.remove();
  document.documentElement.classList.add("app");
  followUrl();
  render(<App />, document.body);
  followLook();
}

void start();
