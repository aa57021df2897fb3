import CausewayJSON

/// The result of an import or of its preview, as the API returns it.
struct ImportReportView: Decodable, Sendable {
    let created: Int
    let updated: Int
    let renamed: Int
    let unchanged: Int
    let inactive: Int
    let leftOut: Int
    let groupsCreated: Int
    let membershipsAdded: Int
    let membershipsRemoved: Int
    let problemCount: Int
    let problems: [Problem]
    let warnings: [Warning]
    let files: [File]
    let samples: [Sample]
    let changes: [Change]

    /// A line that is not imported.
    struct Problem: Decodable, TemplateValue {
        let file: String
        let line: Int
        let message: Message
    }

    struct Warning: Decodable, Sendable {
        let message: Message
        /// The number of lines with the warning.
        let count: Int
        /// The first of these lines.
        let lines: [Line]
    }

    struct Line: Decodable, Sendable {
        let line: Int
        let detail: Message
    }

    /// How a file was read.
    struct File: Decodable, Sendable {
        let file: String
        let format: Message
        let note: Message
        let columns: [Column]
    }

    struct Column: Decodable, Sendable {
        let header: String
        let target: String
        let note: Message
        /// Whether a person has chosen the target.
        let isChosen: Bool
    }

    /// The change that a line makes.
    struct Sample: Decodable, Sendable {
        let line: Int
        let change: String
        let username: String
        let name: String
        let email: String
        let isActive: Bool
        let attributes: JSONValue
        let groups: [String]
    }

    /// A user who changes.
    struct Change: Decodable, Sendable {
        let line: Int
        let change: String
        /// The key; nil for a user who would be created.
        let user: Int64?
        let username: String
        let formerUsername: String
        let fields: [String]
    }
}

/// The template `import`.
struct ImportModel: PageModel {
    static let template = "import"

    let report: Report?
    /// The columns of the users, before the import; nil without a file.
    let columns: Columns?
    /// The providers, after the import.
    let providers: [Provider]
    let hasProviders: Bool
    let isForm: Bool
    /// Whether the entered text was previewed.
    let isPreviewed: Bool
    let problem: String?
    /// The entered text, or the text of a file.
    let users: String
    let groups: String
    /// The names of the files whose texts these are; empty for text that was typed.
    let usersFile: String
    let groupsFile: String
    let map: String
    let keys: [ChoiceOption]
    let isExact: Bool

    struct Report: TemplateValue {
        let heading: String
        let isPreview: Bool
        let counts: [Count]
        let problems: [ImportReportView.Problem]
        let moreProblems: String?
        let hasProblems: Bool
        let warnings: [Warning]
        let hasWarnings: Bool
        let changes: [Changes]
        let hasChanges: Bool
        /// Files whose columns cannot be chosen.
        let groupFiles: [File]
        let samples: [Sample]
        let hasSamples: Bool
    }

    struct Count: TemplateValue {
        let label: String
        let count: String
    }

    struct Warning: TemplateValue {
        let message: Message
        let count: String
        let isOpen: Bool
        let lines: [Line]
        let more: String?
    }

    struct Line: TemplateValue {
        let number: String
        let detail: Message
    }

    /// The users that change in the same way.
    struct Changes: TemplateValue {
        let title: String
        /// Whether only names are shown.
        let isShort: Bool
        let users: [ChangedUser]
        let more: String?
    }

    struct ChangedUser: TemplateValue {
        let name: String
        /// The page of the user; nil if there is none yet.
        let page: Address?
        let detail: String
    }

    struct File: TemplateValue {
        let name: String
        let format: String
        let note: Message
        let columns: [Column]
    }

    struct Column: TemplateValue {
        let header: String
        let target: String
        let note: Message
    }

    struct Sample: TemplateValue {
        let line: String
        let username: String
        let change: String
        let name: String
        let email: String
        let active: String
        let attributes: String
        let groups: String
    }

    /// A provider, and its state.
    struct Provider: TemplateValue {
        let name: String
        let address: Address
        let state: String
        let stateWords: String
    }
}

extension ImportModel.Report {
    /// Counts that are shown even if they are 0.
    private static let alwaysShown: Set = ["created", "updated", "problem_count"]
    /// How many rejected lines are shown.
    private static let mostProblems = 50

    /// - Parameter hasUsers: whether the first of the files has users, whose columns can be chosen.
    init(_ report: ImportReportView, isPreview: Bool, hasUsers: Bool, _ texts: Texts) {
        heading = texts(isPreview ? "import.would" : "import.done")
        self.isPreview = isPreview
        counts = [
            ("created", report.created), ("updated", report.updated), ("renamed", report.renamed),
            ("unchanged", report.unchanged), ("inactive", report.inactive), ("left_out", report.leftOut),
            ("groups_created", report.groupsCreated), ("memberships_added", report.membershipsAdded),
            ("memberships_removed", report.membershipsRemoved), ("problem_count", report.problemCount),
        ].filter { Self.alwaysShown.contains($0.0) || $0.1 > 0 }
            .map { ImportModel.Count(label: texts("import.counts.\($0.0)"), count: texts.number($0.1)) }
        problems = Array(report.problems.prefix(Self.mostProblems))
        moreProblems = ImportModel.more(report.problemCount - problems.count, texts)
        hasProblems = !report.problems.isEmpty
        warnings = report.warnings.map { ImportModel.Warning($0, texts) }
        hasWarnings = !report.warnings.isEmpty
        let kinds = [
            ("created", report.created), ("updated", report.updated - report.renamed), ("renamed", report.renamed),
        ]
        changes = kinds.filter { $0.1 > 0 }.map { kind, count in
            ImportModel.Changes(
                title: texts("import.\(isPreview ? "would_change" : "changed").\(kind)", count: count),
                report.changes.filter { $0.change == kind },
                of: count,
                texts
            )
        }
        hasChanges = !changes.isEmpty
        groupFiles = report.files.dropFirst(hasUsers ? 1 : 0).map { ImportModel.File($0, texts) }
        samples = report.samples.map { ImportModel.Sample($0, texts) }
        hasSamples = isPreview && !report.samples.isEmpty
    }
}

extension ImportModel {
    /// A sentence about things that are not shown; nil for none.
    fileprivate static func more(_ count: Int, _ texts: Texts) -> String? {
        count > 0 ? texts("import.more", ["count": texts.number(count)]) : nil
    }
}

extension ImportModel.Changes {
    fileprivate init(title: String, _ changes: [ImportReportView.Change], of count: Int, _ texts: Texts) {
        self.title = title
        users = changes.map { change in
            ImportModel.ChangedUser(
                name: change.username,
                page: change.user.map { .user($0) },
                detail: change.formerUsername.isEmpty
                    ? change.fields.joined(separator: ", ")
                    : texts("import.formerly", ["name": change.formerUsername])
            )
        }
        isShort = users.allSatisfy(\.detail.isEmpty)
        more = ImportModel.more(count - changes.count, texts)
    }
}

extension ImportModel.Warning {
    /// Longer lists are folded.
    private static let few = 5

    fileprivate init(_ warning: ImportReportView.Warning, _ texts: Texts) {
        message = warning.message
        count = texts("import.lines", count: warning.count)
        isOpen = warning.count <= Self.few
        lines = warning.lines.map { ImportModel.Line(number: "\($0.line)", detail: $0.detail) }
        more = ImportModel.more(warning.count - warning.lines.count, texts)
    }
}

extension ImportModel.File {
    fileprivate init(_ file: ImportReportView.File, _ texts: Texts) {
        name = file.file
        format = file.format.isEmpty ? texts("import.no_format") : texts.message(file.format)
        note = file.note
        columns = file.columns.map { column in
            ImportModel.Column(
                header: column.header,
                target: texts.find("import.targets.\(column.target)") ?? column.target,
                note: column.note
            )
        }
    }
}

extension ImportModel.Sample {
    fileprivate init(_ sample: ImportReportView.Sample, _ texts: Texts) {
        line = "\(sample.line)"
        username = sample.username
        change = texts("import.changes.\(sample.change)")
        name = sample.name
        email = sample.email
        active = texts(sample.isActive ? "yes" : "no")
        attributes = (sample.attributes.object ?? [:]).sorted { $0.key < $1.key }
            .map { "\($0.key): \($0.value.string ?? $0.value.text)" }.joined(separator: "; ")
        groups = sample.groups.joined(separator: "; ")
    }
}
