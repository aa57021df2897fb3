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
    /// What it concerns besides ``object``: stored with the event, and not read back.
    package let related: [EventReference]

    package init(
        id: UUID = UUID(),
        action: String,
        app: String,
        actor: String,
        context: [String: JSONValue],
        created: Timestamp,
        clientIP: String? = nil,
        related: [EventReference] = []
    ) {
        self.id = id
        self.action = action
        self.app = app
        self.actor = actor
        self.context = context
        self.created = created
        self.clientIP = clientIP
        self.related = related
    }
}

extension Event {
    /// An event about an object, in the form of authentik's: `model`, `http_request` and `diff`. Everything else is below `causeway`.
    ///
    /// - Parameters:
    ///   - changes: which fields changed.
    ///   - names: the names of objects that the changes name by their keys.
    ///   - details: what else there is to say; never a secret.
    package init(
        _ kind: EventKind,
        about object: EventObject?,
        _ changes: [FieldChange] = [],
        names: [String: String] = [:],
        details: [String: JSONValue] = [:],
        related: [EventReference] = [],
        by origin: EventOrigin,
        app: String = "causeway.api",
        at time: Timestamp
    ) {
        var own = details.merging(origin.details) { $1 }
        own["counts"] = FieldChange.counts(changes)
        if !names.isEmpty { own["names"] = .object(names.mapValues { .string($0) }) }
        var context: [String: JSONValue] = ["causeway": .object(own)]
        context["model"] = object?.json
        context["http_request"] = origin.request
        if !changes.isEmpty { context["diff"] = FieldChange.diff(changes) }
        self.init(
            action: kind.rawValue,
            app: app,
            actor: origin.actor,
            context: context,
            created: time,
            clientIP: origin.clientIP,
            related: related
        )
    }

    /// An event about the work for a provider.
    ///
    /// - Parameter content: what there is to say; never a secret.
    package init(
        _ kind: EventKind,
        of provider: ProviderID,
        called name: String,
        _ content: [String: JSONValue],
        by origin: EventOrigin,
        at time: Timestamp
    ) {
        var context = content
        context["provider"] = .string(name)
        context["causeway"] = .object(origin.details)
        context["http_request"] = origin.request
        self.init(
            action: kind.rawValue,
            app: "causeway.provisioning",
            actor: origin.actor,
            context: context,
            created: time,
            clientIP: origin.clientIP,
            related: [.provider(provider)]
        )
    }

    /// The object that it is about.
    package var object: EventObject? { EventObject(context["model"]) }

    /// Everything that it concerns, as far as a list of events can be asked for it.
    package var references: [EventReference] {
        let all = [object?.reference].compactMap(\.self) + related
        return Array(Set(all.filter { !$0.key.isEmpty }))
    }

    package var changes: [FieldChange] { FieldChange.changes(in: context) }
}
