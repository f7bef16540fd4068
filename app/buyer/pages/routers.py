"""Every router of pages. They are not in the OpenAPI document."""

from app.buyer.pages import claim, entrance, order, request

PAGE_ROUTERS = (entrance.router, order.router, request.router, claim.router)
