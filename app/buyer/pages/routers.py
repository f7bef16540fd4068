"""Every router of pages. They are not in the OpenAPI document."""

from app.buyer.pages import claim, claim_files, edit, links, lookup, order, request, unknown, withdrawal

PAGE_ROUTERS = (
    links.router,
    lookup.router,
    withdrawal.router,
    order.router,
    request.router,
    edit.router,
    claim.router,
    claim_files.router,
    unknown.router,
)
