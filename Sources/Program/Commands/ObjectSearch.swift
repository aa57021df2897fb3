import CausewayModel
import CausewayStore

/// Finds the user or the group that a person names: by its name, or else by the only display name or e-mail address that fits.
struct ObjectSearch {
    /// Only objects of this kind; nil for both.
    let kind: ObjectKind?
    let name: String

    private static let mostSuggestions = 5

    /// An object that could be meant.
    struct Candidate {
        let object: ObjectReference
        let name: String
        /// What else the object is called; empty for a group.
        var others: [String] = []

        init(_ user: User) {
            (object, name) = (ObjectReference(user.id), user.username)
            others = [user.name, user.email].filter { !$0.isEmpty }
        }

        init(_ group: Group) { (object, name) = (ObjectReference(group.id), group.name) }

        fileprivate var text: String {
            let details = others.isEmpty ? "" : " (\(others.joined(separator: ", ")))"
            return "\(object.kind.rawValue) '\(name)'\(details)"
        }

        fileprivate func isCalled(_ text: String) -> Bool {
            ([name] + others).contains { $0.lowercased() == text.lowercased() }
        }
    }

    /// - Throws: ``UserError`` with suggestions if there is none or more than one.
    func find(in transaction: Transaction) throws -> Candidate {
        let exact = try exact(in: transaction)
        if exact.count == 1 { return exact[0] }
        guard exact.isEmpty else {
            throw UserError(
                "'\(name)' is a user and a group; choose: causeway explain user '\(name)', or causeway explain group '\(name)'"
            )
        }
        let similar = try similar(in: transaction)
        let called = similar.filter { $0.isCalled(name) }
        if called.count == 1 { return called[0] }
        throw UserError(sentence(called.isEmpty ? similar : called))
    }

    private func exact(in transaction: Transaction) throws -> [Candidate] {
        let user = kind == .group ? nil : try transaction.user(named: name).map(Candidate.init)
        let group = kind == .user ? nil : try transaction.group(named: name).map(Candidate.init)
        return [user, group].compactMap(\.self)
    }

    private func similar(in transaction: Transaction) throws -> [Candidate] {
        let most = Self.mostSuggestions
        let users =
            kind == .group
            ? []
            : try transaction.users(withEmail: name, limit: most)
                + transaction.users(after: nil, limit: most, search: name)
        let groups = kind == .user ? [] : try transaction.groups(after: nil, limit: most, search: name)
        let all = users.map(Candidate.init) + groups.map(Candidate.init)
        return all.reduce(into: []) { found, candidate in
            if !found.contains(where: { $0.object == candidate.object }) { found.append(candidate) }
        }
    }

    private func sentence(_ similar: [Candidate]) -> String {
        let what = kind?.rawValue ?? "user or group"
        let list = (kind.map { [$0] } ?? [.user, .group]).map { "causeway \($0.rawValue) list --search …" }
        guard !similar.isEmpty else { return "There is no \(what) '\(name)'; see: \(list.joined(separator: ", or "))" }
        let named = similar.prefix(Self.mostSuggestions).map(\.text).joined(separator: ", ")
        return "There is no \(what) of the name '\(name)'; similar: \(named)."
    }
}
