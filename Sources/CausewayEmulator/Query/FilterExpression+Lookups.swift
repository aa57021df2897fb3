import CausewayJSON

extension FilterExpression {
    /// Values of which each match has at least one; nil if only a search can decide.
    var lookups: [EntryLookup]? {
        switch self {
        case .and(let one, let other):
            let found = [one.lookups, other.lookups].compactMap(\.self)
            return found.min { $0.count < $1.count }
        case .or(let one, let other):
            guard let left = one.lookups, let right = other.lookups else { return nil }
            return left + right
        case .compare(let path, .eq, let values), .compare(let path, .in, let values):
            guard path.count == 1, let name = path.first else { return nil }
            let found = values.compactMap { value in value.string.flatMap { Self.lookup(name, $0.lowercased()) } }
            return found.count == values.count ? found : nil
        case .any(["proxyAddresses"], .compare([], .eq, let values)):
            guard let text = values.first?.string?.lowercased(), text.hasPrefix("smtp:") else { return nil }
            return [.key(.proxyAddress(String(text.dropFirst("smtp:".count))))]
        case .any(["identities"], .and(let one, let other)):
            guard let issuer = [one, other].lazy.compactMap({ $0.text(of: "issuer") }).first,
                let assigned = [one, other].lazy.compactMap({ $0.text(of: "issuerAssignedId") }).first
            else { return nil }
            return [.key(.identity(issuer: issuer, assigned: assigned))]
        default: return nil
        }
    }

    private static func lookup(_ property: String, _ value: String) -> EntryLookup? {
        switch property {
        case "id": .id(value)
        case "userPrincipalName": .key(.userPrincipalName(value))
        case "onPremisesImmutableId": .key(.immutableID(value))
        case "uniqueName": .key(.uniqueName(value))
        default: DirectoryIndex.texts.contains(property) ? .text(property: property, value: value) : nil
        }
    }

    private func text(of name: String) -> String? {
        guard case .compare([name], .eq, let values) = self else { return nil }
        return values.first?.string?.lowercased()
    }
}
