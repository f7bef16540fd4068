"""Every router of the desk. They are not in the OpenAPI document."""

from app.desk import assets, invitation, queue, second_factor, sign_in, unknown

DESK_ROUTERS = (
    assets.router,
    sign_in.router,
    invitation.router,
    second_factor.router,
    queue.router,
    unknown.router,
)
