"""Django's settings: production, and no part that the two addresses do not use."""

from bench.peers import place

DEBUG = False
SECRET_KEY = "not-secret: nothing here is signed"
ALLOWED_HOSTS = ["*"]
USE_TZ = True
INSTALLED_APPS = ["rest_framework", "bench.peers.drf"]
MIDDLEWARE: list[str] = []
ROOT_URLCONF = "bench.peers.drf.urls"
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": place.DATABASE,
        "CONN_MAX_AGE": None,  # kept from one request to the next
    }
}
REST_FRAMEWORK = {
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": [],
    "UNAUTHENTICATED_USER": None,
}
