"""Files chosen, dropped and pasted in a real browser, on a phone too, and looked at afterwards."""

from __future__ import annotations

import base64

import pytest
from playwright.sync_api import Page, expect

from tests.files.samples import PDF, picture

DROP = """([place, name, type, data]) => {
    const bytes = Uint8Array.from(atob(data), (sign) => sign.charCodeAt(0));
    const held = new DataTransfer();
    held.items.add(new File([bytes], name, { type }));
    const [kind, Event_, key] = place.startsWith('.')
        ? ['drop', DragEvent, 'dataTransfer'] : ['paste', ClipboardEvent, 'clipboardData'];
    document.querySelector(place).dispatchEvent(
        new Event_(kind, { [key]: held, bubbles: true, cancelable: true }));
}"""


def give(page: Page, place: str, name: str, type_: str, content: bytes) -> None:
    """Drop a file on a place, or paste it into a field."""
    page.evaluate(DROP, [place, name, type_, base64.b64encode(content).decode()])


@pytest.mark.parametrize("width", [1440, 390])
def test_files_come_by_choosing_dropping_and_pasting(forgiving, address, accessible, width):
    page = forgiving
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(address)
    page.fill("[name=result]", "附件随后")
    files = page.locator("[data-file-list=files]")
    chosen = f"通知{width}.pdf"
    page.set_input_files(
        "#files-files-input", {"name": chosen, "mimeType": "application/pdf", "buffer": PDF}
    )
    expect(files).to_contain_text(chosen)
    give(page, ".files-drop", f"现场{width}.jpg", "image/jpeg", picture("JPEG"))
    expect(files).to_contain_text(f"现场{width}.jpg")
    give(page, "[name=measures_taken]", f"截图{width}.png", "image/png", picture("PNG"))
    expect(files).to_contain_text(f"截图{width}.png")
    expect(page.locator("[name=result]")).to_have_value("附件随后")

    give(page, ".files-drop", "假.pdf", "application/pdf", b"<script>")
    expect(page.locator("#f-files [data-files-said]")).to_contain_text("假.pdf")
    accessible(page, ".task-form")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    files.locator("li", has_text=chosen).locator("button").click()
    expect(files).not_to_contain_text(chosen)

    page.click(f"text=现场{width}.jpg")
    expect(page.locator(".picture")).to_be_visible()
    assert page.evaluate("document.querySelector('.picture').naturalWidth") == 4
