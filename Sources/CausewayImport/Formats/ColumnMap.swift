import CausewayModel

/// The meaning of each column: by the format of the file, or else by the names of its columns, overridden by `--map`.
package struct ColumnMap: Sendable {
    /// The format, if the header is that of a known one.
    package let format: FileFormat?
    /// Every column, in the order of the file.
    package private(set) var columns: [ImportColumn] = []
    /// For each target its columns, the one that counts first.
    private(set) var readings: [ColumnTarget: [Reading]] = [:]

    /// A column that is read.
    struct Reading: Sendable {
        let index: Int
        let target: ColumnTarget
    }

    /// A possible meaning of a column, and its rank among columns of the same meaning.
    private struct Claim {
        let index: Int
        let target: ColumnTarget
        let source: Source
        let rank: Int
    }

    private enum Source: Int, Comparable {
        case override, format, name

        static func < (one: Source, other: Source) -> Bool { one.rawValue < other.rawValue }
    }

    /// - Parameters:
    ///   - header: the column names.
    ///   - overrides: the texts of `--map`, each `HEADER=TARGET`.
    /// - Throws: ``ImportFileError`` if an override is invalid, two columns have the same name, or the same meaning and the order is
    ///   unknown, the file is not one of users, or no column names the user.
    init(header: [String], overrides: [String]) throws {
        let headers = header.map { ColumnHeader($0) }
        format = KnownFormats.users(headers)
        if overrides.isEmpty, let refusal = format?.refusal { throw ImportFileError(refusal) }
        var claims = Self.claims(headers, format)
        for (number, text) in overrides.enumerated() {
            let (index, target) = try Self.override(text, header)
            claims[index] = Claim(index: index, target: target, source: .override, rank: number)
        }
        try headers.requireDistinctNames { claims[$0].target.isKept }
        try assign(claims, headers)
        guard readings[.username] != nil || readings[.email] != nil else {
            throw ImportFileError(
                "No column names the user. Columns: \(Self.list(header)). Choose one with --map 'HEADER=username'."
            )
        }
    }

    /// The format of a file, and what each of its columns means by itself.
    static func recognized(_ header: [String]) -> (format: FileFormat?, targets: [ColumnTarget]) {
        let headers = header.map { ColumnHeader($0) }
        let format = KnownFormats.users(headers)
        return (format, claims(headers, format).map(\.target))
    }

    private static func claims(_ headers: [ColumnHeader], _ format: FileFormat?) -> [Claim] {
        headers.enumerated().map { index, header in
            if let known = format?.target(of: header) {
                return Claim(index: index, target: known.target, source: .format, rank: known.rank)
            }
            let known = KnownHeaders.target(of: header)
            return Claim(index: index, target: known.target, source: .name, rank: known.rank)
        }
    }

    /// Columns that are not read because they contain secrets.
    package var secrets: [String] { columns.filter { $0.target == ColumnTarget.secret.text }.map(\.header) }

    private static func override(_ text: String, _ header: [String]) throws -> (Int, ColumnTarget) {
        // A name may contain the sign.
        guard let sign = text.lastIndex(of: "=") else {
            throw ImportFileError("--map '\(text)' is not of the form HEADER=TARGET.")
        }
        let name = String(text[..<sign])
        let wanted = String(text[text.index(after: sign)...]).trimmed
        guard let index = try index(of: name, header, text) else {
            throw ImportFileError("--map '\(text)': there is no column '\(name)'; columns: \(list(header)).")
        }
        guard let target = ColumnTarget(wanted) else {
            throw ImportFileError("--map '\(text)': '\(wanted)' is unknown; a column may be \(ColumnTarget.forms).")
        }
        return (index, target)
    }

    /// The column of a name: written as in the file, or else the only one whose letters and digits are the same.
    private static func index(of name: String, _ header: [String], _ text: String) throws -> Int? {
        if let exact = header.firstIndex(where: { $0.trimmed == name.trimmed }) { return exact }
        let similar = header.indices.filter { ColumnHeader.folded(header[$0]) == ColumnHeader.folded(name) }
        guard similar.count < 2 else {
            throw ImportFileError(
                "--map '\(text)': the columns \(list(similar.map { header[$0] })) are both meant; write one as the file has it."
            )
        }
        return similar.first
    }

    // MARK: Columns with the same meaning

    private mutating func assign(_ claims: [Claim], _ headers: [ColumnHeader]) throws {
        var lost: [Int: (winner: Int, isRead: Bool)] = [:]
        let rivals = Dictionary(grouping: claims.filter(\.target.isKept), by: \.target.slot)
        for (slot, rivals) in rivals {
            let rivals = rivals.sorted { ($0.source, $0.rank, $0.index) < ($1.source, $1.rank, $1.index) }
            let ordered = try ordered(rivals, slot, headers)
            readings[slot] = ordered.map { Reading(index: $0.index, target: $0.target) }
            for claim in rivals where claim.index != ordered[0].index {
                lost[claim.index] = (ordered[0].index, ordered.contains { $0.index == claim.index })
            }
        }
        for claim in claims { describe(claim, headers, lost[claim.index]) }
    }

    /// The columns that are read, the one that counts first.
    private func ordered(_ rivals: [Claim], _ slot: ColumnTarget, _ headers: [ColumnHeader]) throws -> [Claim] {
        let best = rivals[0].source
        // An override or the format decides, and user names have an order.
        if best == .override || slot == .username { return rivals }
        let equals = rivals.filter { $0.source == best }
        if best == .format || equals.count == 1 { return equals }
        // Exports of whole objects have many columns with nearly the same meaning. The sign-in status is never guessed.
        if format != nil, slot != .isActive { return [rivals[0]] }
        throw ImportFileError(Self.ambiguity(rivals[0], rivals[1], headers))
    }

    private static func ambiguity(_ one: Claim, _ other: Claim, _ headers: [ColumnHeader]) -> String {
        let (first, second) = (headers[one.index].text, headers[other.index].text)
        return
            "The columns '\(first)' and '\(second)' have the same meaning; leave one out with --map '\(second)=ignore' or "
            + "--map '\(first)=ignore', or give it another meaning."
    }

    /// Records a column; one that another precedes becomes an attribute under its own name, so that nothing is lost.
    private mutating func describe(
        _ claim: Claim,
        _ headers: [ColumnHeader],
        _ lost: (winner: Int, isRead: Bool)?
    ) {
        let header = headers[claim.index]
        func add(_ target: String, note: String = "") {
            let isChosen = claim.source == .override
            columns.append(ImportColumn(header: header.text, target: target, note: note, isChosen: isChosen))
        }
        guard let lost else { return add(claim.target.text) }
        let note = lost.isRead ? "where '\(headers[lost.winner].text)' is empty" : ""
        // Of names and of statuses, the one that does not count is useful as well.
        if lost.isRead, claim.target.slot != .username, claim.target.slot != .isActive {
            return add(claim.target.text, note: note)
        }
        let attribute = ColumnTarget.attribute(header.attributeName)
        guard readings[attribute] == nil, !header.attributeName.isEmpty else {
            return add(lost.isRead ? claim.target.text : "ignore", note: note)
        }
        readings[attribute] = [Reading(index: claim.index, target: attribute)]
        add(lost.isRead ? "\(claim.target.text), \(attribute.text)" : attribute.text, note: note)
    }

    private static func list(_ header: [String]) -> String { header.map { "'\($0)'" }.joined(separator: ", ") }
}
