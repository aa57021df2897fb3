import CausewayModel

/// A kind of file that a program writes: how to recognize it, and what its columns mean.
package struct FileFormat: Sendable {
    /// Its human-readable name.
    package let name: String
    /// A note about how it is read; empty for none.
    package let note: String
    /// Columns that all such files have, as keys of ``ColumnHeader/keys``; and of the others at least one.
    private let all: [String]
    private let anyOf: [String]
    /// Whether there are no further columns.
    private let isComplete: Bool
    /// What columns mean, in the order of preference if two mean the same.
    private let targets: [String: (target: ColumnTarget, rank: Int)]
    /// Whether user names are user principal names, which are addresses.
    let hasPrincipalNames: Bool
    /// The type of all users in such a file.
    let type: UserType?
    /// Words of this program for who may sign in (true) and who may not.
    let states: [String: Bool]
    /// Why such a file is not imported; nil for those that are.
    let refusal: String?

    /// - Parameters:
    ///   - all: labels, or properties in brackets, that are all there; separated by commas.
    ///   - anyOf: of these, at least one; empty for no condition.
    ///   - columns: targets with labels and properties; the earlier of two counts, or the later if it is empty.
    init(
        _ name: String,
        all: String,
        anyOf: String = "",
        isComplete: Bool = false,
        note: String = "",
        hasPrincipalNames: Bool = false,
        type: UserType? = nil,
        states: [String: Bool] = [:],
        refusal: String? = nil,
        _ columns: [(ColumnTarget, String)] = []
    ) {
        self.name = name
        self.note = note
        self.all = Self.keys(all)
        self.anyOf = Self.keys(anyOf)
        self.isComplete = isComplete
        self.hasPrincipalNames = hasPrincipalNames
        self.type = type
        self.states = states
        self.refusal = refusal
        var targets: [String: (target: ColumnTarget, rank: Int)] = [:]
        for (target, headers) in columns {
            for key in Self.keys(headers) { targets[key] = (target, targets.count) }
        }
        self.targets = targets
    }

    private static func keys(_ text: String) -> [String] {
        text.split(separator: ",").map { key in
            key.contains("[") ? "[\(ColumnHeader.folded(String(key)))]" : ColumnHeader.folded(String(key))
        }
    }

    /// Whether a file with these columns is of this format.
    func fits(_ headers: [ColumnHeader]) -> Bool {
        let keys = Set(headers.flatMap(\.keys))
        return all.allSatisfy(keys.contains) && (anyOf.isEmpty || anyOf.contains(where: keys.contains))
            && (!isComplete || headers.count(where: { !$0.label.isEmpty }) == all.count)
    }

    /// What a column means in this format, and its rank among columns of the same meaning; nil if it is unknown.
    func target(of header: ColumnHeader) -> (target: ColumnTarget, rank: Int)? {
        guard let found = header.keys.lazy.compactMap({ targets[$0] }).first else { return nil }
        // A modified file: the text takes precedence over what the format has there.
        switch (found.target, SignInWords.polarity(of: header.label)) {
        case (.isBlocked, .active): return (.isActive, found.rank)
        case (.isActive, .blocked): return (.isBlocked, found.rank)
        default: return found
        }
    }
}
