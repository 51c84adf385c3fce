"""What serves the lending API."""

from fake_server.api.declare import DatasetCredentials, standard_api
from library_api.resources import API, RESOURCES

api = standard_api(API, RESOURCES, credentials=DatasetCredentials(API, ("credentials", "api_keys")))
