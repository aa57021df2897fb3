import CausewayJSON
package import CausewayModel
package import CausewayStore
import HTTPTypes

/// A model under authentik's names.
struct APIModel: Sendable {
    let app: String
    let name: String
    /// Its name in messages.
    let title: String

    static let user = APIModel(app: "authentik_core", name: "user", title: "User")
    static let group = APIModel(app: "authentik_core", name: "group", title: "Group")
    static let token = APIModel(app: "authentik_core", name: "token", title: "Token")
    static let application = APIModel(app: "authentik_core", name: "application", title: "Application")
    /// A provider with the fields that all types of providers have.
    static let anyProvider = APIModel(app: "authentik_core", name: "provider", title: "Provider")
    static let provider = APIModel(
        app: "authentik_providers_microsoft_entra",
        name: "microsoftentraprovider",
        title: "MicrosoftEntraProvider"
    )
    static let mapping = APIModel(
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
    static let schedule = APIModel(app: "authentik_tasks_schedules", name: "schedule", title: "Schedule")
    static let task = APIModel(app: "authentik_tasks", name: "task", title: "Task")
    static let blueprint = APIModel(app: "authentik_blueprints", name: "blueprintinstance", title: "BlueprintInstance")
}

extension APIModel {
    /// The object as events name it.
    func json(_ key: String, _ name: String) -> JSONValue {
        ["app": .string(app), "model_name": .string(self.name), "pk": .string(key), "name": .string(name)]
    }
}

extension Transaction {
    /// Records a change of a provider that a command made.
    ///
    /// - Parameter action: authentik's word, such as `model_updated`.
    package func recordCommand(_ action: String, of provider: EntraProvider) throws {
        try recordCommand(action, .provider, "\(provider.id)", provider.name)
    }

    /// Records a change that a command on this machine made.
    func recordCommand(_ action: String, _ model: APIModel, _ key: String, _ name: String) throws {
        try insertEvent(
            Event(
                action: action,
                app: "causeway.api",
                actor: Caller.commandLineActor,
                context: ["model": model.json(key, name)],
                created: now
            )
        )
    }
}

extension APIRequest {
    /// Records a change, in the transaction that makes it.
    ///
    /// - Parameters:
    ///   - action: authentik's word, such as `model_created`.
    ///   - more: further content of the event; never a secret.
    func record(
        _ action: String,
        _ model: APIModel,
        _ key: String,
        _ name: String,
        _ more: [String: JSONValue] = [:],
        in transaction: Transaction
    ) throws {
        var context: [String: JSONValue] = ["model": model.json(key, name)]
        if !caller.isCommandLine {
            context["http_request"] = [
                "path": .string(source.path), "method": .string(source.method), "args": [:],
                "user_agent": .string(source.userAgent), "request_id": .string(source.requestID),
            ]
        }
        context.merge(more) { $1 }
        try transaction.insertEvent(
            Event(
                action: action,
                app: "causeway.api",
                actor: caller.actor,
                context: context,
                created: transaction.now,
                clientIP: source.clientIP
            )
        )
    }
}
