"""What these tests share."""

AVAILABILITIES = "/open_api/v1/availabilities"
