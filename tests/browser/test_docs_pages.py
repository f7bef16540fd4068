"""The pages of the OpenAPI document in a real browser: they ask no other host, and /docs takes a pasted key."""

from playwright.async_api import Browser, Page, Request, expect

from tests.browser.conftest import Served

PATIENCE = 60_000
"""In milliseconds. The document is large, and Swagger UI and ReDoc draw all of it."""


def requests_of(page: Page) -> list[Request]:
    """Every request that the page makes from now on."""
    made: list[Request] = []
    page.on("request", lambda request: made.append(request))  # noqa: PLW0108 - playwright marks the function
    return made


def asked(made: list[Request]) -> list[str]:
    """The addresses that were asked. A request that the page's policy stops never leaves the browser: ReDoc would
    show a logo from another host."""
    return [request.url for request in made if request.failure != "csp"]


async def test_redoc_asks_no_other_host(browser: Browser, service: Served) -> None:
    async with await browser.new_context(base_url=service.url) as context:
        page = await context.new_page()
        made = requests_of(page)
        await page.goto("/redoc")
        await expect(page.get_by_text("Recourse").first).to_be_visible(timeout=PATIENCE)
        await page.wait_for_load_state("networkidle")
    assert f"{service.url}/openapi.json" in asked(made)
    assert not [url for url in asked(made) if not url.startswith((service.url, "data:", "blob:"))]


async def test_the_reference_asks_no_other_host_and_takes_a_key_that_is_pasted_with_the_word_bearer(
    browser: Browser, service: Served
) -> None:
    async with await browser.new_context(base_url=service.url) as context:
        page = await context.new_page()
        made = requests_of(page)
        await page.goto("/docs")
        await page.locator("button.authorize").first.click(timeout=PATIENCE)
        dialog = page.locator(".modal-ux")
        await dialog.locator("input").first.fill(f"Bearer {service.key}")
        await dialog.get_by_role("button", name="Apply credentials").first.click()
        await dialog.get_by_role("button", name="Close").first.click()
        operation = page.locator("#operations-webhooks-list_webhook_endpoints")
        await operation.locator(".opblock-summary-control").click()
        await operation.get_by_role("button", name="Try it out").click()
        async with page.expect_response("**/v1/webhook-endpoints*") as answer:
            await operation.get_by_role("button", name="Execute").click()
        assert (await answer.value).status == 200
    assert not [url for url in asked(made) if not url.startswith((service.url, "data:", "blob:"))]
