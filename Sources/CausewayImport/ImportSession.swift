import CausewayModel
import CausewayStore

/// An import in progress, inside its transaction. Each line is all or nothing.
struct ImportSession {
    private let transaction: Transaction
    private let progress: @Sendable (Int) -> Void
    private(set) var report = ImportReport()
    private var groupIDs: [String: GroupID] = [:]
    /// The memberships in the files.
    private var listed: [GroupID: Set<UserID>] = [:]
    /// Keys of users in this file, folded, with the line that had them first.
    private var seen: [String: Int] = [:]

    private var changes: ImportChangeList

    private static let progressStep = 1000

    init(transaction: Transaction, listsChanges: Bool, progress: @escaping @Sendable (Int) -> Void) {
        self.transaction = transaction
        self.progress = progress
        changes = ImportChangeList(isWhole: listsChanges)
    }

    // MARK: Users

    mutating func importUsers(_ path: String, _ overrides: [String], by key: ImportKey) throws {
        var reader = try CSVReader(path: path)
        let map = try ColumnMap(header: reader.header.fields, overrides: overrides)
        report.secretColumns = map.secrets
        report.files.append(ImportedFile(path: path, format: map.format, columns: map.columns))
        let rows = UserRowReader(map: map)
        let hasEmployeeIDs = map.readings[.attribute("employee_id")] != nil
        var people = People(
            path: path,
            finder: try PersonFinder(key, hasEmployeeIDs: hasEmployeeIDs, in: transaction),
            addresses: try AddressCheck(transaction)
        )
        var waiting: [UserRow] = []
        while let result = try reader.next() {
            countLine()
            do {
                guard case .row(let row) = try rows.read(try result.get(), warnings: &people.warnings) else {
                    report.leftOut += 1
                    continue
                }
                try checkNew(row, key)
                try store(row, &people, &waiting)
            } catch let problem as LineProblem {
                report.note(problem, in: path)
            }
        }
        try store(waiting: waiting, &people)
        report.warnings = people.allWarnings
        report.changes = changes.changes
    }

    /// What is known while the users of a file are stored.
    private struct People {
        let path: String
        var finder: PersonFinder
        let addresses: AddressCheck
        var warnings = WarningList()
        /// The users that the file makes inactive.
        var inactive = WarningList()
        var statuses = (active: 0, inactive: 0)

        var allWarnings: [ImportWarning] {
            var all = warnings
            if statuses.inactive > statuses.active, statuses.inactive > 1 { all.add(inactive) }
            return all.all
        }
    }

    private mutating func countLine() {
        report.lines += 1
        if report.lines % Self.progressStep == 0 { progress(report.lines) }
    }

    private mutating func checkNew(_ row: UserRow, _ key: ImportKey) throws {
        guard let value = key.value(of: row)?.lowercased() else { return }
        if let first = seen[value] {
            let whom = key == .userName ? "user '\(row.username)'" : "\(key.name) '\(value)'"
            throw LineProblem(line: row.line, reason: "the \(whom) is already on line \(first)")
        }
        seen[value] = row.line
    }

    private mutating func store(_ row: UserRow, _ people: inout People, _ waiting: inout [UserRow]) throws {
        let present: User?
        do { present = try people.finder.person(of: row) } catch is PersonFinder.NameTaken {
            return waiting.append(row)
        }
        let line = try store(row.line, people.path) { line in try line.store(row, over: present) }
        guard let stored = line.stored else { return }
        changes.add(row.line, stored)
        try people.finder.note(row, of: stored.id, before: present?.profile, &people.warnings)
        people.addresses.check(stored.profile, row.line, &people.warnings)
        count(row, stored, &people)
    }

    private mutating func count(_ row: UserRow, _ stored: ImportLine.StoredUser, _ people: inout People) {
        if !stored.profile.isActive { report.inactive += 1 }
        if row.isActive == true { people.statuses.active += 1 }
        if row.isActive == false {
            people.statuses.inactive += 1
            people.inactive.add(.mostInactive, row.line, row.username)
        }
        guard report.samples.count < ImportReport.mostSamples else { return }
        let (change, profile) = (stored.change, stored.profile)
        report.samples.append(ImportSample(line: row.line, change: change, profile: profile, groups: row.groups ?? []))
    }

    /// Stores users whose new names others gave up further down, as long as any of them finds it free.
    private mutating func store(waiting: [UserRow], _ people: inout People) throws {
        var rows = waiting
        while !rows.isEmpty {
            var left: [UserRow] = []
            for row in rows {
                do { try store(row, &people, &left) } catch let problem as LineProblem {
                    report.note(problem, in: people.path)
                }
            }
            guard left.count < rows.count else {
                for row in left { try refuse(row, people) }
                return
            }
            rows = left
        }
    }

    private mutating func refuse(_ row: UserRow, _ people: People) throws {
        do { _ = try people.finder.person(of: row) } catch let taken as PersonFinder.NameTaken {
            report.note(taken.problem, in: people.path)
        }
    }

    // MARK: Groups

    mutating func importGroups(_ path: String) throws {
        var reader = try CSVReader(path: path)
        let columns = try GroupColumns(header: reader.header.fields)
        report.files.append(ImportedFile(path: path, format: columns.format, columns: columns.all))
        while let result = try reader.next() {
            countLine()
            do throws(LineProblem) {
                let row = try columns.row(try result.get())
                try store(row.line, path) { line in try line.store(row) }
            } catch {
                report.note(error, in: path)
            }
        }
    }

    /// Removes memberships in the groups of the files that the files do not list.
    mutating func removeUnlisted() throws {
        for (group, users) in listed {
            for user in try transaction.members(of: group) where !users.contains(user) {
                if try transaction.removeMember(user, from: group) { report.membershipsRemoved += 1 }
            }
        }
    }

    // MARK: Lines

    /// Processes one line; what it recorded counts only if all of it succeeded.
    @discardableResult
    private mutating func store(_ number: Int, _ path: String, _ body: (inout ImportLine) throws -> Void)
        throws(LineProblem) -> ImportLine
    {
        var line = ImportLine(transaction: transaction, number: number, known: groupIDs)
        do { try transaction.attempt { try body(&line) } } catch {
            throw LineProblem(line: number, reason: "\(error)")
        }
        // Even merging nothing would copy the whole dictionary, since the line holds it too.
        if !line.newGroups.isEmpty { groupIDs.merge(line.newGroups) { $1 } }
        for (group, user) in line.members {
            if let user { listed[group, default: []].insert(user) } else { listed[group] = listed[group] ?? [] }
        }
        switch line.stored?.change {
        case .created: report.created += 1
        case .updated: report.updated += 1
        case .renamed:
            report.updated += 1
            report.renamed += 1
        case .unchanged: report.unchanged += 1
        case nil: break
        }
        report.groupsCreated += line.groupsCreated
        report.membershipsAdded += line.membershipsAdded
        for problem in line.problems { report.note(problem, in: path) }
        return line
    }
}

/// Checks the addresses of users, which become their user principal names.
struct AddressCheck {
    /// The domains of the tenants of all providers; empty if none was read yet.
    private let verified: Set<String>

    init(_ transaction: Transaction) throws {
        var verified: Set<String> = []
        for provider in try transaction.providers() {
            verified.formUnion(try transaction.knownTenant(of: provider.id)?.verifiedDomains ?? [])
        }
        self.verified = verified
    }

    func check(_ profile: UserProfile, _ line: Int, _ warnings: inout WarningList) {
        guard profile.type == .internal else { return }
        guard let sign = profile.email.lastIndex(of: "@") else {
            return warnings.add(.noAddress, line, profile.username)
        }
        let domain = profile.email[profile.email.index(after: sign)...].lowercased()
        if !domain.contains(".") {
            warnings.add(.oddDomain, line, profile.email)
        } else if !verified.isEmpty, !verified.contains(domain) {
            warnings.add(.unverifiedDomain, line, profile.email)
        }
    }
}
