"""Contract 3.25: a request that is wrong in many ways answers the earliest; mended, it answers the next."""

from __future__ import annotations

from typing import Any

from tests.contract.client import Client, parse
from tests.contract.server import World

TOO_LARGE = b" " * (256 * 1024 + 1)


class Wrong:
    """A PATCH of a variant, wrong in every way at once."""

    def __init__(self, world: World) -> None:
        self.client: Client = world.stranger
        self.method, self.path, self.body = "BREW", "/v1/nothing/at/all", TOO_LARGE
        self.headers = {
            "Host": "evil.test",
            "Accept": "text/html",
            "Content-Type": "text/plain",
            "Content-Encoding": "gzip",
            "If-Match": '"stale"',
            "-twice": "0",
        }

    def ask(self) -> tuple[int, str]:
        fields = [(name.strip("-"), value) for name, value in self.headers.items() if name != "-twice"]
        if "-twice" in self.headers:
            fields += [("Content-Length", str(len(self.body))), ("Content-Length", "0")]
        request = self.client.request(self.method, self.path, body=self.body, headers=fields)
        answer = parse(self.client.say(request))
        return answer.status, answer.code


def test_a_request_wrong_in_every_way_is_told_one_thing_after_the_other(strict: World):
    sku = strict.item(stock=3).variants[0].sku
    wrong, told = Wrong(strict), []

    def mend(expected: tuple[int, str], **changes: Any) -> None:
        for name, value in changes.items():
            setattr(wrong, name, value)
        told.append((wrong.ask(), expected))

    mend((400, "bad-framing"))
    wrong.headers.pop("-twice")
    mend((421, "misdirected"))
    wrong.headers.pop("Host")
    mend((501, "method-not-implemented"))
    mend((404, "no-such-path"), method="DELETE")
    mend((405, "method-not-allowed"), path="/v1/variants/no-such-sku?limit=0&nope=1")
    mend((401, "authentication-required"), method="PATCH")
    mend((401, "invalid-token"), client=strict.stranger.by("ks_nobody"))
    mend((403, "forbidden"), client=strict.client("customer"))
    mend((406, "not-acceptable"), client=strict.client("owner"))
    wrong.headers.pop("Accept")
    wrong.headers.pop("Content-Encoding")
    mend((415, "unsupported-media-type"))
    wrong.headers.pop("Content-Type")
    mend((400, "unknown-parameter"), path="/v1/variants/no-such-sku?nope=1")
    mend((413, "body-too-large"), path="/v1/variants/no-such-sku")
    mend((400, "invalid-json"), body=b'{"price": ')
    mend((422, "out-of-range"), body=b'{"price": {"amount": -1, "currency": "USD"}}')
    mend((404, "not-found"), body=b'{"price": {"amount": 1, "currency": "USD"}}')
    mend((412, "precondition-failed"), path=f"/v1/variants/{sku}")
    wrong.headers.pop("If-Match")
    mend((409, "currency-mismatch"))

    assert [found for found, _ in told] == [expected for _, expected in told]


def test_a_stale_if_match_on_what_is_not_there_is_404(world: World):
    for path, body in (("/v1/articles/none", {"title": "x"}), ("/v1/items/none", {"name": "x"})):
        assert world.client("owner").patch(path, body, If_Match='"x"').is_problem(404, "not-found")


def test_a_stale_if_match_comes_before_the_state_of_an_order(world: World):
    keeper, order = world.client("shopkeeper"), world.order(world.staff["customer"])
    keeper.post(f"/v1/orders/{order['id']}/fulfilments", {})
    path = f"/v1/orders/{order['id']}/cancellation"

    assert keeper.put(path, {}, If_Match='"x"').is_problem(412, "precondition-failed")
    assert keeper.put(path, {}).is_problem(409, "invalid-state")


def test_a_malformed_or_unknown_token_comes_before_anything_in_the_body(world: World):
    for token, status, code in (
        ("two words", 400, "invalid-credentials-format"),
        ("ks_no", 401, "invalid-token"),
    ):
        client = world.stranger.by(token)
        assert client.call("POST", "/v1/orders", body=b"{").is_problem(status, code)


def test_neither_credentials_nor_a_body_matter_where_there_is_no_route(world: World):
    client = world.stranger.by("two words")

    assert client.call("POST", "/v1/nothing", body=TOO_LARGE).is_problem(404, "no-such-path")
    assert client.call("PUT", "/v1/orders", body=TOO_LARGE).is_problem(405, "method-not-allowed")
    assert client.call("BREW", "/v1/nothing", body=TOO_LARGE).is_problem(501, "method-not-implemented")
