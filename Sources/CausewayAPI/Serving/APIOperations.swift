import CausewayJSON

/// The handler of each operation of the document.
enum APIOperations {
    private static let areas: [[String: APIHandler]] = [
        UserOperations.handlers, GroupOperations.handlers, TokenOperations.handlers, ProviderOperations.handlers,
        EntraProviderOperations.handlers, LinkOperations.handlers, MappingOperations.handlers,
        ApplicationOperations.handlers, EventOperations.handlers, AdministrationOperations.handlers,
        ScheduleOperations.handlers, TaskOperations.handlers, BlueprintOperations.handlers, PlanOperations.handlers,
        TenantOperations.handlers, ImportOperations.handlers, ExportOperations.handlers,
        MappingPreviewOperations.handlers, PreferenceOperations.handlers, SessionListOperations.handlers,
        MappingListOperations.handlers, BulkOperations.handlers, GroupTreeOperations.handlers,
        StateOperations.handlers, NodeOperations.handlers, EventLogOperations.handlers,
        SearchOperations.handlers, OverviewOperations.handlers,
    ]

    static func all(document: APIDocument, authenticator: Authenticator) -> [String: APIHandler] {
        var handlers: [String: APIHandler] = ["schema_retrieve": { _ in .ok(document.json) }]
        let access = [
            SessionOperations(authenticator: authenticator).handlers,
            AuthenticatorOperations(authenticator: authenticator).handlers,
            PasswordOperations(authenticator: authenticator).handlers,
            LockoutOperations(authenticator: authenticator).handlers,
        ]
        for area in areas + access { handlers.merge(area) { $1 } }
        return handlers
    }
}
