"""What a browser says it is, in two words."""

from __future__ import annotations

import pytest

from app.rules.devices import device_of, parts

WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 "


@pytest.mark.parametrize(
    ("agent", "device"),
    [
        (f"{WINDOWS}Chrome/142.0.0.0 Safari/537.36", "chrome/windows"),
        (f"{WINDOWS}Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0", "edge/windows"),
        (f"{WINDOWS}Chrome/95.0 Safari/537.36 QihooBrowser/2.0", "360/windows"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "firefox/linux"),
        (f"{PHONE}Version/17.0 Mobile/15E148 Safari/604.1", "safari/ios"),
        (f"{PHONE}MicroMessenger/8.0.50", "wechat/ios"),
        ("Mozilla/5.0 (Linux; Android 14; HarmonyOS) Chrome/114.0", "chrome/harmony"),
        ("curl/8.5.0", "/"),
        ("", "/"),
    ],
)
def test_the_first_name_that_fits_counts(agent, device):
    assert device_of(agent) == device
    assert "/".join(parts(device)) == device
