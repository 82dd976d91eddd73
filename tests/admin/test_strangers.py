"""What strangers write into titles, names and notes does not run, and the office asks nobody else."""

from __future__ import annotations

import json
from urllib.parse import urlsplit

import pytest

pytest_plugins = ("tests.site.browser", "tests.admin.office")
pytestmark = pytest.mark.xdist_group("office")

SCRIPT = "<script>globalThis.ran = 1</script><details open ontoggle='globalThis.ran = 1'></details>"
OURS = ("/admin/", "/v1", "/media/")


@pytest.fixture
def written(office):
    """Pages that show what was written with a script in it."""
    api, token = office.demo.api, office.token
    article = api("/v1/articles", {"title": f"Fog {SCRIPT}", "body": f"Rain {SCRIPT}"}, token=token)
    api(f"/v1/articles/{article['id']}/publication", {}, method="PUT", token=token)
    api(f"/v1/articles/{article['id']}/comments", {"body": f"Gulls {SCRIPT}"}, token=token)
    variant = {"sku": "fog-bank", "price": {"amount": 500, "currency": "EUR"}}
    item = api("/v1/items", {"name": f"Fog {SCRIPT}", "variants": [variant]}, token=token)
    draft = {"lines": [{"sku": "seventeen-fogs", "quantity": 1}], "email": "a'onload=x@kiosque.test"}
    order = api("/v1/orders", draft | {"note": SCRIPT})
    api(f"/v1/orders/{order['id']}", {"staff_note": SCRIPT}, method="PATCH", token=token)
    account = api("/v1/me", {"name": f"Maud {SCRIPT}"}, method="PATCH", token=token)
    made = {"articles": article, "items": item, "orders": order, "accounts": account}
    pages = [
        "",
        "/articles",
        "/comments",
        "/items",
        "/media",
        "/accounts",
        "/orders",
        "/webhooks",
        "/imports",
    ]
    pages += ["/log", "/log?list=mails", "/log?list=audit", "/settings", "/me"]
    pages += [f"/{kind}/{one['id']}" for kind, one in made.items()]
    yield [f"#{page}" for page in pages]
    api("/v1/me", {"name": "Maud Kerellec"}, method="PATCH", token=token)
    office.erase(f"/v1/items/{item['id']}")


def asked(office):
    """The addresses that the tab asked for since the last look."""
    events = [json.loads(entry["message"])["message"] for entry in office.driver.get_log("performance")]
    return [one["params"]["request"]["url"] for one in events if one["method"] == "Network.requestWillBeSent"]


def test_a_script_does_not_run_wherever_it_was_written_and_only_the_office_and_the_api_are_asked(
    office, written
):
    asked(office)
    office.driver.refresh()
    for page in written:
        office.visit(page)
        assert office.run("return globalThis.ran ?? 0") == 0, page

    urls = {url for url in asked(office) if not url.startswith(("data:", "blob:"))}
    assert {urlsplit(url).netloc for url in urls} == {urlsplit(office.demo.url).netloc}
    assert [url for url in urls if not urlsplit(url).path.startswith(OURS)] == []
