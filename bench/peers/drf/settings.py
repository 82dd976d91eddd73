"""Django's settings for production, without the parts that the two paths do not use."""

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
