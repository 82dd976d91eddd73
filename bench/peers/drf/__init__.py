"""Django REST framework: models over the same tables, `prefetch_related`, serializers, generic views."""
