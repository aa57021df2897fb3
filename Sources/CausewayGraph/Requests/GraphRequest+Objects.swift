import CausewayJSON

// Which objects a request refers to.

extension GraphRequest {
    /// Ids of all objects that must exist for it: in its path, and those it links to.
    var references: [String] {
        pathText.utf8.split(whereSeparator: { Self.separators.contains($0) }).map { String(Substring($0)) }
            + linked.values.flatMap(\.self)
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
        guard method != .post || target.utf8.split(separator: UInt8(ascii: "/")).count > 1 else { return [] }
        let bound = linked.flatMap { name, ids in
            let relation = "\(target)/\(name.prefix { $0 != "@" })/"
            return ids.map { relation + $0 }
        }
        let isPlain = body?.object?.keys.contains { !$0.utf8.contains(UInt8(ascii: "@")) } ?? true
        return isPlain ? bound + [target] : bound
    }

    private static let separators = Array("/()='".utf8)

    private var pathText: String { String(path[..<(path.utf8.firstIndex(of: UInt8(ascii: "?")) ?? path.endIndex)]) }

    /// Ids in the references of the body, by the property that holds them.
    private var linked: [String: [String]] {
        var linked: [String: [String]] = [:]
        for (name, value) in body?.object ?? [:] where name.hasSuffix("@odata.bind") || name == "@odata.id" {
            let references = value.array?.compactMap(\.string) ?? [value.string].compactMap(\.self)
            linked[name] = references.compactMap(\.lastPathPart)
        }
        return linked
    }
}

extension String {
    /// What comes after the last slash that something comes after; nil if nothing is there.
    fileprivate var lastPathPart: String? {
        let slash = UInt8(ascii: "/")
        guard let last = utf8.lastIndex(where: { $0 != slash }) else { return nil }
        let start = utf8[...last].lastIndex(of: slash).map(utf8.index(after:)) ?? startIndex
        return String(self[start..<utf8.index(after: last)])
    }
}
