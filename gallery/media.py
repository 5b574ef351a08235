"""Where works are kept, as the environment says: on this machine's disk, or in a bucket."""

from typing import Any

SETTINGS = {  # an option of django-storages, and its usual name
    "bucket_name": "AWS_STORAGE_BUCKET_NAME",
    "endpoint_url": "AWS_S3_ENDPOINT_URL",  # none is Amazon's
    "region_name": "AWS_S3_REGION_NAME",
    "location": "AWS_LOCATION",  # a folder of the bucket
}


def store(env: Any) -> dict[str, Any]:
    """The default storage. A bucket's keys are left to boto3, which also finds a machine's role."""
    told = {option: env.str(name, default="") for option, name in SETTINGS.items()}
    if not told["bucket_name"]:
        return {"BACKEND": "gallery.storage.DurableFileSystemStorage"}
    given = {option: value for option, value in told.items() if value}
    return {"BACKEND": "gallery.bucket.BucketStorage", "OPTIONS": given}
