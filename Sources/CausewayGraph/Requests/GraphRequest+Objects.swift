import CausewayJSON

// Which objects a request refers to.

extension GraphRequest {
    /// Ids of all objects that must exist for it: in its path, and those it links to.
    var references: [String] {
        pathText.split(whereSeparator: { "/()='".contains($0) }).map(String.init) + linked.values.flatMap(\.self)
    }

    /// What it writes. Requests that write the same object are carried out in the order in which they were made; a
    /// creation writes no existing object. The links of an object count as separate objects.
    var subjects: [String] {
        guard isWrite else { return [] }
        let target = pathText
        if target.hasSuffix("/$ref") {
            let relation = String(target.dropLast("/$ref".count))
            let members = linked["@odata.id"] ?? []
            return method == .post ? members.map { "\(relation)/\($0)" } : [relation]
        }
        guard method != .post || target.split(separator: "/").count > 1 else { return [] }
        let bound = linked.flatMap { name, ids in
            ids.map { "\(target)/\(name.prefix { $0 != "@" })/\($0)" }
        }
        let isPlain = body?.object?.keys.contains { !$0.contains("@") } ?? true
        return isPlain ? bound + [target] : bound
    }

    private var pathText: String { String(path.prefix { $0 != "?" }) }

    /// Ids in the references of the body, by the property that holds them.
    private var linked: [String: [String]] {
        var linked: [String: [String]] = [:]
        for (name, value) in body?.object ?? [:] where name.hasSuffix("@odata.bind") || name == "@odata.id" {
            let references = value.array?.compactMap(\.string) ?? [value.string].compactMap(\.self)
            linked[name] = references.compactMap { $0.split(separator: "/").last.map(String.init) }
        }
        return linked
    }
}
