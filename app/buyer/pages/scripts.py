"""The scripts of the pages, and the settings of htmx."""

from collections.abc import Mapping

from app.pages.scripts import Script, read_script

HTMX, OWN = (read_script("app.buyer.pages", file) for file in ("htmx.min.js", "page.js"))
BY_NAME: Mapping[str, Script] = {script.name: script for script in (HTMX, OWN)}
HTMX_SETTINGS = {
    "allowEval": False,
    "allowScriptTags": False,
    "includeIndicatorStyles": False,
    "selfRequestsOnly": True,
    "historyEnabled": False,
    "timeout": 10_000,
    "responseHandling": [
        {"code": "204", "swap": False},
        {"code": "2..|409|413|415|422", "swap": True},
        {"code": "...", "swap": False, "error": True},
    ],
}
"""No `eval`, no style and no script in an answer, and no other site: the policy of a page forbids them. An answer with
sentences about what was entered is shown, and other errors are not. htmx takes the first code that fits."""
