package import CausewayJSON

/// What Graph reported about an object.
package struct ObjectSnapshot: Sendable {
    /// Graph's properties, null if they have no value.
    package let properties: [String: JSONValue]
    /// The requested properties; those that a whole report leaves out have no value. Nil: the report contains only changes.
    package let selection: Set<String>?

    package init(_ properties: [String: JSONValue], selection: Set<String>? = nil) {
        self.properties = properties
        self.selection = selection
    }

    /// Those that it says something about, each once.
    fileprivate var names: [String] {
        guard let selection else { return Array(properties.keys) }
        return selection + properties.keys.filter { !selection.contains($0) }
    }
}

/// An attribute that someone else changed in Entra.
package struct ExternalChange: Hashable, Sendable {
    package let attribute: String
    package let old: JSONValue
    package let new: JSONValue

    package init(attribute: String, old: JSONValue, new: JSONValue) {
        self.attribute = attribute
        self.old = old
        self.new = new
    }

    /// A membership that someone else added or removed.
    package init(membership isMember: Bool) {
        self.init(attribute: "members", old: .bool(!isMember), new: .bool(isMember))
    }
}

/// What a report changed in the mirror.
package struct MergedReport: Hashable, Sendable {
    /// The external changes of an object that was known.
    package fileprivate(set) var external: [ExternalChange] = []
    /// Every attribute whose known value is another one now, also those that the service added to an object that Causeway created;
    /// ``MirrorObject/existence`` for an object that was unknown or gone.
    package fileprivate(set) var attributes: Set<String> = []

    /// What shows an object for the first time: no change of others is known.
    package var ofUnknownObject: MergedReport {
        MergedReport(external: [], attributes: attributes.union([MirrorObject.existence]))
    }
}

extension MirrorObject {
    /// Merges a report of Graph.
    package mutating func merge(_ report: ObjectSnapshot, _ consistencyWindow: ConsistencyWindow) -> MergedReport {
        let isMadeByUs = written[Self.creation] != nil
        if !written.values.allSatisfy(consistencyWindow.isFresh) {
            written = written.filter { consistencyWindow.isFresh($0.value) }
        }
        var merged = MergedReport()
        if presence != .present {
            guard written[Self.existence] == nil else {
                staleSince = staleSince ?? consistencyWindow.now
                return merged
            }
            // A restoration by hand does not say that it belongs to another object now.
            (presence, deletedAt) = (.present, nil)
            merged.attributes.insert(Self.existence)
        }
        for name in report.names {
            let (old, new) = (known[name], report.properties[name].flatMap(Self.kept))
            guard old != new, old.flatMap(Self.kept) != new else { continue }
            if written[name] != nil {
                staleSince = staleSince ?? consistencyWindow.now
            } else {
                known[name] = new
                merged.attributes.insert(name)
                // Values that the service adds to an object that Causeway created are not an external change.
                if isMadeByUs, old.flatMap(Self.kept) == nil { continue }
                merged.external.append(ExternalChange(attribute: name, old: old ?? .null, new: new ?? .null))
            }
        }
        merged.external.sort { $0.attribute < $1.attribute }
        return merged
    }

    /// Merges a direct answer to a read that came after every contradiction.
    package mutating func refresh(_ report: ObjectSnapshot, _ consistencyWindow: ConsistencyWindow) -> MergedReport {
        staleSince = nil
        return merge(report, consistencyWindow)
    }
}
