"""Every router for buyers, in the order of the OpenAPI document."""

from app.buyer import order, sessions

BUYER_ROUTERS = (
    sessions.router,
    order.router,
)
