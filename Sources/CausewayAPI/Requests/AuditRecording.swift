import CausewayJSON
package import CausewayModel
import CausewayStore
import Foundation
import HTTPTypes

/// A model under authentik's names.
package struct APIModel: Sendable {
    let app: String
    let name: String
    /// Its name in messages.
    let title: String

    package static let user = APIModel(app: "authentik_core", name: "user", title: "User")
    package static let group = APIModel(app: "authentik_core", name: "group", title: "Group")
    package static let token = APIModel(app: "authentik_core", name: "token", title: "Token")
    package static let application = APIModel(app: "authentik_core", name: "application", title: "Application")
    /// A provider with the fields that all types of providers have.
    static let anyProvider = APIModel(app: "authentik_core", name: "provider", title: "Provider")
    package static let provider = APIModel(
        app: "authentik_providers_microsoft_entra",
        name: "microsoftentraprovider",
        title: "MicrosoftEntraProvider"
    )
    package static let mapping = APIModel(
        app: "authentik_providers_microsoft_entra",
        name: "microsoftentraprovidermapping",
        title: "MicrosoftEntraProviderMapping"
    )
    static let userLink = APIModel(
        app: "authentik_providers_microsoft_entra",
        name: "microsoftentraprovideruser",
        title: "MicrosoftEntraProviderUser"
    )
    static let groupLink = APIModel(
        app: "authentik_providers_microsoft_entra",
        name: "microsoftentraprovidergroup",
        title: "MicrosoftEntraProviderGroup"
    )
    static let event = APIModel(app: "authentik_events", name: "event", title: "Event")
    package static let schedule = APIModel(app: "authentik_tasks_schedules", name: "schedule", title: "Schedule")
    static let task = APIModel(app: "authentik_tasks", name: "task", title: "Task")
    static let node = APIModel(app: "causeway", name: "node", title: "Node")
    static let blueprint = APIModel(app: "authentik_blueprints", name: "blueprintinstance", title: "BlueprintInstance")
}

extension APIModel {
    /// The object as events name it.
    package func object(_ key: String, _ name: String) -> EventObject {
        EventObject(app: app, type: self.name, key: key, name: name)
    }

    /// The object as other answers name it.
    func json(_ key: String, _ name: String) -> JSONValue { object(key, name).json }
}

extension APIRequest {
    /// Who sends the request, and how.
    var origin: EventOrigin { origin(of: caller.user) }

    private func origin(of user: User?) -> EventOrigin {
        if caller.isCommandLine { return .commandLine(systemUser: ProcessInfo.processInfo.userName) }
        return EventOrigin(
            actor: user?.username ?? "",
            channel: caller.token == nil ? .interface : .api,
            clientIP: source.clientIP,
            request: [
                "path": .string(source.path), "method": .string(source.method), "args": [:],
                "user_agent": .string(source.userAgent), "request_id": .string(source.requestID),
            ],
            token: caller.token?.identifier
        )
    }

    /// Records what the request did, in the transaction that does it.
    ///
    /// - Parameters:
    ///   - details: further content of the event; never a secret.
    ///   - related: further objects that it concerns.
    ///   - user: who does it, if the caller is not signed in yet.
    func record(
        _ kind: EventKind,
        _ model: APIModel,
        _ key: String,
        _ name: String,
        _ changes: [FieldChange] = [],
        details: [String: JSONValue] = [:],
        related: [EventReference] = [],
        by user: User? = nil,
        in transaction: Transaction
    ) throws {
        try transaction.record(
            kind,
            model.object(key, name),
            changes,
            details: details,
            related: related,
            by: user.map { self.origin(of: $0) } ?? origin
        )
    }
}

extension APIRequest {
    /// Records that a person or a program has started a run.
    ///
    /// - Parameters:
    ///   - mode: what for: `plan`, `apply`, `retry`, `object`, or `sync`.
    ///   - object: the object that alone is synced.
    func recordRun(_ run: RunID, _ mode: String, of provider: EntraProvider, object: ObjectReference? = nil)
        async throws
    {
        let related = [object?.user.map(EventReference.user), object?.group.map(EventReference.group)]
        try await store.write { transaction in
            try record(
                .runRequested,
                .provider,
                "\(provider.id)",
                provider.name,
                details: ["mode": .string(mode), "run": .string(run.text)],
                related: related.compactMap(\.self),
                in: transaction
            )
        }
    }
}
