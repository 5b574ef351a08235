"""What a curator does at a museum's pages: search it, and pick works from what was found."""

from django.urls import reverse

# Pictures of the Art Institute.
SEURAT = "/iiif/2/2d484387-2509-5e8e-2c43-22f9981972eb/full"
WORKSHOP = "/iiif/2/3c27b499-af56-f0d5-93b5-a7f2f1ad5813/full"


def search(curator, query: str = "park", museum: str = "artic", **more: object):
    return curator.get(reverse("museums"), {"museum": museum, "query": query} | more)


def take(curator, *picks: str, museum: str = "artic", query: str = "park", **more: object):
    sent = {"museum": museum, "query": query, "pick": picks} | more
    return curator.post(reverse("museums-take"), sent)
