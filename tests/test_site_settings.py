"""Name, addresses and languages of the site, and where its office is: how the settings are read."""

from __future__ import annotations

import pytest

from api.settings import Settings, SettingsError


@pytest.mark.parametrize(
    ("template", "address"),
    [
        ("/blog/{slug}/", "https://e.test/blog/caf%C3%A9/"),
        ("/#/read?of={slug}", "https://e.test/#/read?of=caf%C3%A9"),
        ("/artículo/{slug}", "https://e.test/art%C3%ADculo/caf%C3%A9"),
        ("https://news.test:8443/{slug}.html", "https://news.test:8443/caf%C3%A9.html"),
    ],
)
def test_an_address_of_a_page_is_the_template_with_the_slug_in_it(template, address):
    settings = Settings.from_env(
        {"KIOSQUE_URL": "https://e.test", "KIOSQUE_ARTICLE_URL": template, "KIOSQUE_ITEM_URL": template}
    )

    assert settings.public_site.article_url("café") == settings.public_site.item_url("café") == address


@pytest.mark.parametrize("variable", ["KIOSQUE_ARTICLE_URL", "KIOSQUE_ITEM_URL"])
@pytest.mark.parametrize(
    "template",
    [
        *("/blog/", "blog/{slug}", "//evil.test/{slug}", "/\\evil.test/{slug}", "ftp://e.test/{slug}"),
        *(
            "https://{slug}.test/",
            "https:///{slug}",
            "https://e.test{slug}",
            "http://[/{slug}",
            "http://e:x/{slug}",
        ),
        *("/a b/{slug}", "/{slug}/{id}", "/%zz/{slug}", '/"{slug}', "/\n{slug}", "/\udcff{slug}", "/{Slug}"),
        *("javascript:{slug}", "/" + "x" * 500 + "{slug}", "https://ada@e.test/{slug}"),
    ],
)
def test_a_template_that_cannot_be_an_address_is_refused_by_name(variable, template):
    with pytest.raises(SettingsError, match=f"{variable}: "):
        Settings.from_env({variable: template})


def test_languages_keep_their_order_and_are_named_once():
    settings = Settings.from_env({"KIOSQUE_LANGUAGES": "pt-BR, en,pt-BR", "KIOSQUE_COUNTRY": "BR"})

    assert (settings.languages, settings.country) == (("pt-BR", "en"), "BR")


@pytest.mark.parametrize(
    ("variable", "text"),
    [
        *(("KIOSQUE_LANGUAGES", text) for text in ("english!", ",", "en,x_y", "abcdefgh-1-2-3")),
        *(("KIOSQUE_COUNTRY", text) for text in ("fr", "FRA", "France", "F1", "UK", "ZZ")),
        *(("KIOSQUE_NAME", text) for text in ("a\nb", " ", "\u200b", "x" * 101, "\udcff", "\x1b[1m")),
        *(("KIOSQUE_TAGLINE", text) for text in ("a\u2028b", "x" * 201)),
    ],
)
def test_what_is_no_language_country_or_name_is_refused_by_name(variable, text):
    with pytest.raises(SettingsError, match=f"{variable}: "):
        Settings.from_env({variable: text})


def test_the_office_is_on_and_on_the_site_unless_it_has_a_host_of_its_own():
    plain = Settings.from_env({})
    apart = Settings.from_env({"KIOSQUE_ADMIN": "off", "KIOSQUE_ADMIN_URL": "https://Office.example.org"})

    assert (plain.admin, plain.admin_url) == ("on", "")
    assert (apart.admin, apart.admin_url) == ("off", "https://office.example.org")


@pytest.mark.parametrize(
    "text",
    [
        *(
            "office.example.org",
            "https://office.example.org/",
            "https://office.example.org/admin",
            "https://",
        ),
        *("https://ada:secret@office.example.org", "ftp://office.example.org", "https://office:x"),
        *("https://example.org", "https://example.org:443", "https://example.org."),
    ],
)
def test_the_address_of_the_office_is_an_origin_and_not_that_of_the_site(text):
    with pytest.raises(SettingsError, match="KIOSQUE_ADMIN_URL: "):
        Settings.from_env({"KIOSQUE_URL": "https://example.org", "KIOSQUE_ADMIN_URL": text})


def test_the_public_address_of_media_which_everybody_sees_has_no_password():
    with pytest.raises(SettingsError, match="KIOSQUE_MEDIA_PUBLIC_URL: ") as error:
        Settings.from_env({"KIOSQUE_MEDIA_PUBLIC_URL": "https://ada:secret@cdn.example.org"})

    assert "secret" not in str(error.value)


def test_a_host_of_the_office_that_would_be_refused_is_a_mistake():
    with pytest.raises(SettingsError, match="KIOSQUE_HOSTS: it lacks office"):
        Settings.from_env({"KIOSQUE_HOSTS": "example.org", "KIOSQUE_ADMIN_URL": "https://office.example.org"})
