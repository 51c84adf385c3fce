"""Defects of what the live profile does."""

from fake_server.contract.mutants import ApiMutants

_API = ApiMutants("xurrent", "fake_server.apis.xurrent")
_mutant, _edit = _API.mutant, _API.edit

MUTANTS = (
    _mutant(
        "live-location-of-api",
        "Location, the record's page, has the service's host without the account.",
        _edit(
            "dialect.answer.responses:created",
            "https://{current_identity().account}.{domain}",
            "https://{domain}",
        ),
        "calendars.create.location",
        profile="live",
    ),
    _mutant(
        "live-node-id-padded",
        "A nodeID is padded.",
        _edit("dialect.values.node_ids:node_id", '.rstrip("=")', ""),
        "ids.node.answers",
        profile="live",
    ),
    _mutant(
        "live-node-id-if-asked",
        "The nodeID is shown only with all fields.",
        _edit(
            "dialect.model.printing:Printer.show_node_id",
            "if self.domain is not None:",
            "if self.domain is not None and 'name' in record:",
        ),
        "ids.node.answers",
        profile="live",
    ),
    _mutant(
        "live-basic-403",
        "Basic is refused with 403.",
        _edit(
            "dialect.access.auth:identify",
            "    if token is None:\n",
            "    if token is None and 'Authorization' in request.headers:\n"
            "        raise ForbiddenError\n"
            "    if token is None:\n",
        ),
        "auth.basic",
        profile="live",
    ),
)
