package import CausewayJSON
package import CausewayModel
import Foundation

extension Transaction {
    /// Records what a person, a program or a command did, in the transaction that does it. The event names the objects of its changes, and
    /// is found in the log of each of them.
    ///
    /// - Parameters:
    ///   - object: what it is about; nil if it is about no single object.
    ///   - details: what else there is to say; never a secret.
    ///   - related: further objects that it concerns.
    package func record(
        _ kind: EventKind,
        _ object: EventObject?,
        _ changes: [FieldChange] = [],
        details: [String: JSONValue] = [:],
        related: [EventReference] = [],
        by origin: EventOrigin
    ) throws {
        let named = try NamedKeys(changes, in: self)
        try insertEvent(
            Event(
                kind,
                about: object,
                changes,
                names: named.names,
                details: details,
                related: related + named.references,
                by: origin,
                at: now
            )
        )
    }
}

/// The objects that changes name by their keys.
private struct NamedKeys {
    /// What the keys of a field are keys of.
    private enum Kind { case user, group, mapping, provider, application }

    private static let kinds: [String: Kind] = [
        "user": .user, "users": .user, "filter_group": .group, "groups": .group, "parents": .group,
        "property_mappings": .mapping, "property_mappings_group": .mapping, "provider": .provider,
        "backchannel_providers": .provider, "application": .application,
    ]

    /// Names by key.
    private(set) var names: [String: String] = [:]
    private(set) var references: [EventReference] = []

    init(_ changes: [FieldChange], in transaction: Transaction) throws {
        for change in changes {
            guard let kind = Self.kinds[change.field] else { continue }
            let keys = change.keys.compactMap { $0.string ?? $0.integer.map { "\($0)" } }
            try add(kind, keys, in: transaction)
        }
    }

    private mutating func add(_ kind: Kind, _ keys: [String], in transaction: Transaction) throws {
        switch kind {
        case .user:
            for (id, user) in try transaction.users(ids: keys.compactMap { Int64($0).map(UserID.init) }) {
                names["\(id)"] = user.username
            }
            references += keys.map { EventReference("user", $0) }
        case .group:
            for (id, group) in try transaction.groups(ids: keys.compactMap(GroupID.init(text:))) {
                names[id.text] = group.name
            }
            references += keys.map { EventReference("group", $0) }
        case .mapping:
            for mapping in try transaction.mappings() where keys.contains(mapping.id.text) {
                names[mapping.id.text] = mapping.name
            }
            references += keys.map { EventReference("microsoftentraprovidermapping", $0) }
        case .provider:
            for provider in try transaction.providers() where keys.contains("\(provider.id)") {
                names["\(provider.id)"] = provider.name
            }
            references += keys.map { EventReference("microsoftentraprovider", $0) }
        case .application:
            for application in try transaction.applications() where keys.contains(application.id.text) {
                names[application.id.text] = application.name
            }
            references += keys.map { EventReference("application", $0) }
        }
    }
}

extension FieldChange {
    /// The keys in it, before and after.
    fileprivate var keys: [JSONValue] {
        switch content {
        case .value(let before, let after): [before, after]
        case .list(let added, let removed): added.kept + removed.kept
        case .secret: []
        }
    }
}

extension Transaction {
    /// The providers that use a mapping, as events refer to them.
    package func providers(using mapping: MappingID) throws -> [EventReference] {
        try providers().filter { $0.userMappings.contains(mapping) || $0.groupMappings.contains(mapping) }
            .map { .provider($0.id) }
    }
}
