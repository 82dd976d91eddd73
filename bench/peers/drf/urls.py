"""The two paths: serializers, views, routes."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import path
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from bench.peers import place
from bench.peers.drf.models import Article


class NamedSerializer(serializers.Serializer):
    """A tag, category or author."""

    name = serializers.CharField()
    slug = serializers.CharField()


class ImageSerializer(serializers.Serializer):
    """An image with its URL."""

    id = serializers.CharField()
    url = serializers.CharField()
    alt = serializers.CharField()


class SummarySerializer(serializers.ModelSerializer):
    """An article without its text."""

    image = ImageSerializer()
    authors = NamedSerializer(many=True)
    tags = NamedSerializer(many=True)
    categories = NamedSerializer(many=True)
    status = serializers.CharField()
    published_at = serializers.CharField()
    url = serializers.CharField()

    class Meta:
        model = Article
        fields = (
            "id", "type", "slug", "title", "status", "excerpt", "language", "image", "format", "authors",
            "tags", "categories", "featured", "comment_policy", "comment_count", "publish_at",
            "published_at", "created_at", "updated_at", "url",
        )  # fmt: skip


class WholeSerializer(SummarySerializer):
    """An article with its text."""

    class Meta(SummarySerializer.Meta):
        fields = (*SummarySerializer.Meta.fields, "body", "body_html")


class Articles(generics.ListAPIView):
    """/v1/articles"""

    serializer_class = SummarySerializer

    def get_queryset(self) -> QuerySet[Article]:
        dated = Article.objects.filter(type="article", publish_at__isnull=False, listed_at__lte=_now())
        return dated.defer("body", "body_html").prefetch_related("authors", "terms")[: place.PAGE]

    def list(self, _request: Request, *_args: Any, **_options: Any) -> Response:
        return Response({"data": self.get_serializer(self.get_queryset(), many=True).data})


class OneArticle(generics.RetrieveAPIView):
    """/v1/articles/SLUG"""

    serializer_class = WholeSerializer
    lookup_field = "slug"

    def get_queryset(self) -> QuerySet[Article]:
        return Article.objects.filter(publish_at__lte=_now()).prefetch_related("authors", "terms")


def _now() -> str:
    return datetime.now(UTC).replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"


urlpatterns = [path("v1/articles", Articles.as_view()), path("v1/articles/<slug>", OneArticle.as_view())]
