import CausewayJSON

/// What carries out each operation of the document.
enum APIOperations {
    static func all(document: APIDocument, authenticator: Authenticator) -> [String: APIHandler] {
        let areas = [
            UserOperations.handlers, GroupOperations.handlers, TokenOperations.handlers,
            ProviderOperations.handlers, EntraProviderOperations.handlers, ConnectionOperations.handlers,
            MappingOperations.handlers, ApplicationOperations.handlers, EventOperations.handlers,
            AdministrationOperations.handlers, ScheduleOperations.handlers, TaskOperations.handlers,
            BlueprintOperations.handlers, PlanOperations.handlers, TenantOperations.handlers,
            SessionOperations(authenticator: authenticator).handlers,
        ]
        var handlers: [String: APIHandler] = ["schema_retrieve": { _ in .ok(document.json) }]
        for area in areas { handlers.merge(area) { $1 } }
        return handlers
    }
}
