import CausewayJSON
import CausewayModel
import CausewayStore

extension Action {
    /// The unique values that this action gives its object.
    ///
    /// - Parameter known: the known values of the Entra object, if there is one.
    func wantedValues(known: [String: JSONValue]) -> Set<UniqueValue> {
        switch verb {
        case .create: values(\.new, known)
        case .update: values(\.new, known).subtracting(values(\.old, known))
        // It brings back everything that it had; addresses that are taken stay away (Graph, restore: autoReconcileProxyConflict).
        case .restore: restoredValues(known)
        default: []
        }
    }

    /// The values that this action frees. An address is not freed: the former primary one stays among the account's others.
    func releasedValues(known: [String: JSONValue]) -> Set<UniqueValue> {
        guard verb == .update else { return [] }
        return values(\.old, known).subtracting(values(\.new, known)).filter { $0.property != .mail }
    }

    private func values(_ side: (AttributeChange) -> JSONValue?, _ known: [String: JSONValue]) -> Set<UniqueValue> {
        let types = changes.first { $0.attribute == "groupTypes" }?.new ?? known["groupTypes"]
        let isMicrosoft365 = types?.areTypesOfMicrosoft365 ?? false
        return changes.reduce(into: []) { found, change in
            let value = side(change)
            found.formUnion(
                UniqueValue.values(of: change.attribute, value, kind: kind, isMicrosoft365: isMicrosoft365)
            )
        }
    }

    private func restoredValues(_ known: [String: JSONValue]) -> Set<UniqueValue> {
        let properties = known.merging(changes.map { ($0.attribute, $0.new) }) { $1 }
        let isMicrosoft365 = known["groupTypes"]?.areTypesOfMicrosoft365 ?? false
        return properties.reduce(into: []) { found, property in
            guard property.key != UniqueValue.Property.mail.rawValue else { return }
            found.formUnion(
                UniqueValue.values(of: property.key, property.value, kind: kind, isMicrosoft365: isMicrosoft365)
            )
        }
    }
}

extension ObjectPlan {
    /// The unique values that this action gives its object.
    var wantedValues: Set<UniqueValue> {
        actions.lines.reduce(into: []) { found, stored in
            guard stored.outcome.status == .planned else { return }
            found.formUnion(stored.action.wantedValues(known: decision.known ?? [:]))
        }
    }

    /// The values that this action frees.
    var releasedValues: Set<UniqueValue> {
        actions.lines.reduce(into: []) { $0.formUnion($1.action.releasedValues(known: decision.known ?? [:])) }
    }
}
