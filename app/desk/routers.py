"""Every router of the desk. They are not in the OpenAPI document."""

from app.desk import (
    approvals,
    assets,
    bulk,
    claim,
    claim_files,
    decisions,
    dossier,
    invitation,
    papers,
    queue,
    receipts,
    receiving,
    reports,
    second_factor,
    sign_in,
    unknown,
)

DESK_ROUTERS = (
    assets.router,
    sign_in.router,
    invitation.router,
    second_factor.router,
    queue.router,
    bulk.router,
    claim.router,
    dossier.router,
    decisions.router,
    claim_files.router,
    papers.router,
    receiving.router,
    receipts.router,
    approvals.router,
    reports.router,
    unknown.router,
)
