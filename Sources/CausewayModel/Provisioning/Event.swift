package import CausewayJSON
package import Foundation

/// A recorded event: who did what to what, and when (authentik's events).
package struct Event: Hashable, Sendable {
    package let id: UUID
    /// authentik's action word, such as `model_created`, `configuration_error`, `property_mapping_exception`.
    package let action: String
    /// The part of the product that recorded it.
    package let app: String
    /// Who did it: `causeway` for the engine, `command line`, or a user name.
    package let actor: String
    /// What it was about; never a secret.
    package let context: [String: JSONValue]
    package let created: Timestamp
    /// The address of the request; nil if there was none.
    package let clientIP: String?

    package init(
        id: UUID = UUID(),
        action: String,
        app: String,
        actor: String,
        context: [String: JSONValue],
        created: Timestamp,
        clientIP: String? = nil
    ) {
        self.id = id
        self.action = action
        self.app = app
        self.actor = actor
        self.context = context
        self.created = created
        self.clientIP = clientIP
    }
}
