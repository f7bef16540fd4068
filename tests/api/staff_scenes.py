"""The scenes of a merchant who manages its staff, and the routes of a person's own session."""

from collections.abc import Mapping

from app.records.api_key import Scope
from tests.api.refund_scenes import Scene
from tests.api.staff import accept, invite, join, sign_in
from tests.api.walks import Body
from tests.storefront import Storefront


def use_person(path: str, body: Body) -> Scene:
    """A person who has accepted. The address has the id of the order, so that no two people are equal."""

    async def scene(shop: Storefront, order_id: str) -> tuple[str, Body]:
        person = (await accept(shop, (await invite(shop, _address(order_id)))["token"])).json()
        return f"/v1/staff/{person['staff_id']}{path}", body

    return scene


async def invite_person(_: Storefront, order_id: str) -> tuple[str, Body]:
    return "/v1/staff-invitations", {"email": _address(order_id), "role": "clerk", "delivery": "answer"}


async def revoke_invitation(shop: Storefront, order_id: str) -> tuple[str, Body]:
    invitation = await invite(shop, _address(order_id))
    return f"/v1/staff-invitations/{invitation['invitation_id']}", {}


async def put_role(_: Storefront, order_id: str) -> tuple[str, Body]:
    return "/v1/staff-roles/reader", {"scopes": ["claims:read"]}


async def delete_role(shop: Storefront, order_id: str) -> tuple[str, Body]:
    await shop.put("/v1/staff-roles/reader", {"scopes": ["claims:read"]})
    return "/v1/staff-roles/reader", {}


async def end_session(shop: Storefront, order_id: str) -> tuple[str, Body]:
    address = _address(order_id)
    await accept(shop, (await invite(shop, address))["token"])
    session = (await sign_in(shop, address)).json()
    return f"/v1/staff-sessions/{session['session_id']}", {}


async def put_limit(_: Storefront, order_id: str) -> tuple[str, Body]:
    return "/v1/authority-limits", LIMIT


async def delete_limit(shop: Storefront, order_id: str) -> tuple[str, Body]:
    limit = (await shop.put("/v1/authority-limits", LIMIT)).json()
    return f"/v1/authority-limits/{limit['limit_id']}", {}


def decide_approval(path: str, body: Body) -> Scene:
    """A clerk has approved a cancellation that only somebody with more authority may pay back."""

    async def scene(shop: Storefront, order_id: str) -> tuple[str, Body]:
        clerk = await join(shop, _address(order_id))
        await shop.put("/v1/authority-limits", {**LIMIT, "holder_kind": "staff", "holder": clerk.staff_id})
        await shop.push_order(order_id)
        claim = await shop.claim("cancel", order_id=order_id)
        held = await clerk.session.post(f"/v1/claims/{claim['claim_id']}/approve")
        return f"/v1/approvals/{held.json()['params']['approval_id']}/{path}", body

    return scene


LIMIT: Body = {"holder_kind": "role", "holder": "clerk", "currency": "KRW", "per_decision": 0}


async def put_breaker(_: Storefront, order_id: str) -> tuple[str, Body]:
    return "/v1/refund-breakers/KRW", {"decisions_per_day": 1000}


async def reset_breaker(shop: Storefront, order_id: str) -> tuple[str, Body]:
    await shop.put("/v1/refund-breakers/KRW", {"decisions_per_day": 1000})
    return "/v1/refund-breakers/KRW/reset", {}


def _address(order_id: str) -> str:
    return f"{''.join(filter(str.isalnum, order_id))[-40:]}@mug.example"


STAFF: Mapping[str, Scene] = {
    "PATCH /v1/staff/{staff_id}": use_person("", {"role": "manager"}),
    "DELETE /v1/staff/{staff_id}/second-factor": use_person("/second-factor", {}),
    "POST /v1/staff/{staff_id}/password-links": use_person("/password-links", {"delivery": "answer"}),
    "POST /v1/staff-invitations": invite_person,
    "DELETE /v1/staff-invitations/{invitation_id}": revoke_invitation,
    "PUT /v1/staff-roles/{role}": put_role,
    "DELETE /v1/staff-roles/{role}": delete_role,
    "DELETE /v1/staff-sessions/{session_id}": end_session,
}
APPROVALS: Mapping[str, Scene] = {
    "POST /v1/approvals/{approval_id}/grant": decide_approval("grant", {}),
    "POST /v1/refund-breakers/{currency}/reset": reset_breaker,
    "POST /v1/approvals/{approval_id}/refuse": decide_approval("refuse", {"note": "사진을 확인해 주세요."}),
}
LIMITS: Mapping[str, Scene] = {
    "PUT /v1/authority-limits": put_limit,
    "DELETE /v1/authority-limits/{limit_id}": delete_limit,
    "PUT /v1/refund-breakers/{currency}": put_breaker,
}
STAFF_BODILESS = {name for name in (*STAFF, *LIMITS) if name.startswith("DELETE")}
STAFF_OPEN = {"POST /v1/staff-session", "POST /v1/staff-invitations/accept"}
"""Routes that take neither a key nor a session: the body shows who asks."""
OWN = {
    *("GET /v1/staff-session", "DELETE /v1/staff-session", "PUT /v1/staff-session/password"),
    *("POST /v1/staff-session/totp", "POST /v1/staff-session/totp/confirm"),
}
"""Routes of a person's own session, which take a session alone."""
OWN_BODIES = {*STAFF_OPEN, "PUT /v1/staff-session/password", "POST /v1/staff-session/totp/confirm"}
STAFF_SCOPES: Mapping[str, Scope] = {
    "GET /v1/authority-limits": Scope.STAFF_READ,
    "PUT /v1/authority-limits": Scope.STAFF_WRITE,
    "DELETE /v1/authority-limits/{limit_id}": Scope.STAFF_WRITE,
    "GET /v1/refund-breakers": Scope.STAFF_READ,
    "PUT /v1/refund-breakers/{currency}": Scope.STAFF_WRITE,
    "POST /v1/refund-breakers/{currency}/reset": Scope.STAFF_WRITE,
    "GET /v1/approvals": Scope.CLAIMS_READ,
    "GET /v1/approvals/{approval_id}": Scope.CLAIMS_READ,
    "POST /v1/approvals/{approval_id}/grant": Scope.CLAIMS_DECIDE,
    "POST /v1/approvals/{approval_id}/refuse": Scope.CLAIMS_DECIDE,
    "GET /v1/staff": Scope.STAFF_READ,
    "GET /v1/staff/{staff_id}": Scope.STAFF_READ,
    "PATCH /v1/staff/{staff_id}": Scope.STAFF_WRITE,
    "DELETE /v1/staff/{staff_id}/second-factor": Scope.STAFF_WRITE,
    "POST /v1/staff/{staff_id}/password-links": Scope.STAFF_WRITE,
    "POST /v1/staff-invitations": Scope.STAFF_WRITE,
    "GET /v1/staff-invitations": Scope.STAFF_READ,
    "DELETE /v1/staff-invitations/{invitation_id}": Scope.STAFF_WRITE,
    "GET /v1/staff-roles": Scope.STAFF_READ,
    "PUT /v1/staff-roles/{role}": Scope.STAFF_WRITE,
    "DELETE /v1/staff-roles/{role}": Scope.STAFF_WRITE,
    "GET /v1/staff-sessions": Scope.STAFF_READ,
    "DELETE /v1/staff-sessions/{session_id}": Scope.STAFF_WRITE,
}
