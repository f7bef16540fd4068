"""Every router for buyers, in the order of the OpenAPI document."""

from app.buyer import (
    claim_files,
    claim_parts,
    claims,
    delivery,
    faq,
    lookups,
    option_changes,
    order,
    return_parcels,
    sessions,
    surveys,
)

BUYER_ROUTERS = (
    sessions.router,
    lookups.router,
    order.router,
    claims.router,
    claim_parts.router,
    claim_files.router,
    return_parcels.router,
    surveys.router,
    delivery.router,
    option_changes.router,
    faq.router,
)
