"""Every router of pages. They are not in the OpenAPI document."""

from app.buyer.pages import (
    claim,
    claim_files,
    claim_status,
    edit,
    links,
    lookup,
    order,
    request,
    return_parcels,
    surveys,
    unknown,
    withdrawal,
)

PAGE_ROUTERS = (
    links.router,
    lookup.router,
    withdrawal.router,
    order.router,
    request.router,
    edit.router,
    claim.router,
    claim_files.router,
    return_parcels.router,
    claim_status.router,
    surveys.router,
    unknown.router,
)
