import CausewayModel
import CausewayStore

/// An import in progress, inside its transaction. Each line is all or nothing.
struct ImportWork {
    private let transaction: Transaction
    private let progress: @Sendable (Int) -> Void
    private(set) var report = ImportReport()
    private var groupIDs: [String: GroupID] = [:]
    /// Who the files say is in which group.
    private var listed: [GroupID: Set<UserID>] = [:]
    /// User names of this file, folded, with the line that had them first.
    private var seen: [String: Int] = [:]

    private static let progressStep = 1000

    init(transaction: Transaction, progress: @escaping @Sendable (Int) -> Void) {
        self.transaction = transaction
        self.progress = progress
    }

    // MARK: Users

    mutating func importUsers(_ path: String, _ overrides: [String]) throws {
        var reader = try CSVReader(path: path)
        let map = try ColumnMap(header: reader.header.fields, overrides: overrides)
        report.secretColumns = map.secrets
        while let result = try reader.next() {
            countLine()
            do throws(LineProblem) {
                let row = try UserRow(try result.get(), map: map)
                try checkNew(row)
                try carryOut(row.line, path) { line in try line.store(row) }
            } catch {
                report.note(error, in: path)
            }
        }
    }

    private mutating func countLine() {
        report.lines += 1
        if report.lines % Self.progressStep == 0 { progress(report.lines) }
    }

    private mutating func checkNew(_ row: UserRow) throws(LineProblem) {
        let key = row.username.lowercased()
        if let first = seen[key] {
            throw LineProblem(line: row.line, reason: "the user '\(row.username)' is on line \(first) already")
        }
        seen[key] = row.line
    }

    // MARK: Groups

    mutating func importGroups(_ path: String) throws {
        var reader = try CSVReader(path: path)
        let columns = try GroupColumns(header: reader.header.fields)
        while let result = try reader.next() {
            countLine()
            do throws(LineProblem) {
                let row = try columns.row(try result.get())
                try carryOut(row.line, path) { line in try line.store(row) }
            } catch {
                report.note(error, in: path)
            }
        }
    }

    /// Ends memberships in the groups of the files that the files do not list.
    mutating func removeUnlisted() throws {
        for (group, users) in listed {
            for user in try transaction.members(of: group) where !users.contains(user) {
                if try transaction.removeMember(user, from: group) { report.membershipsRemoved += 1 }
            }
        }
    }

    // MARK: Lines

    /// Carries out one line; what it learned counts only where all of it succeeded.
    private mutating func carryOut(_ number: Int, _ path: String, _ body: (inout ImportLine) throws -> Void)
        throws(LineProblem)
    {
        var line = ImportLine(transaction: transaction, number: number, known: groupIDs)
        do { try transaction.attempt { try body(&line) } } catch {
            throw LineProblem(line: number, reason: "\(error)")
        }
        // Merging even nothing would copy the whole dictionary, since the line holds it too.
        if !line.newGroups.isEmpty { groupIDs.merge(line.newGroups) { $1 } }
        for (group, user) in line.members {
            if let user { listed[group, default: []].insert(user) } else { listed[group] = listed[group] ?? [] }
        }
        report.created += line.created
        report.updated += line.updated
        report.unchanged += line.unchanged
        report.groupsCreated += line.groupsCreated
        report.membershipsAdded += line.membershipsAdded
        for problem in line.problems { report.note(problem, in: path) }
    }
}
