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

    /// A line that is not imported.
    struct Problem: Decodable, TemplateValue {
        let file: String
        let line: Int
        let message: String
    }

    struct Warning: Decodable, Sendable {
        let message: String
        /// The number of lines with the warning.
        let count: Int
        /// The first of these lines.
        let lines: [Line]
    }

    struct Line: Decodable, Sendable {
        let line: Int
        let detail: String
    }

    /// How a file was read.
    struct File: Decodable, Sendable {
        let file: String
        let format: String
        let note: String
        let columns: [Column]
    }

    struct Column: Decodable, Sendable {
        let header: String
        let target: String
        let note: String
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
}

/// The template `import`.
struct ImportModel: PageModel {
    static let template = "import"

    let report: Report?
    let isForm: Bool
    let problem: String?
    /// The entered text, or the text of a file.
    let users: String
    let groups: String
    let map: String
    let keys: [ChoiceOption]
    let isExact: Bool

    struct Report: TemplateValue {
        let heading: String
        let isPreview: Bool
        let counts: [Count]
        let problems: [ImportReportView.Problem]
        let hasProblems: Bool
        let warnings: [Warning]
        let hasWarnings: Bool
        let files: [File]
        let samples: [Sample]
        let hasSamples: Bool
    }

    struct Count: TemplateValue {
        let label: String
        let count: String
    }

    struct Warning: TemplateValue {
        let message: String
        let lines: [Line]
        let more: String?
    }

    struct Line: TemplateValue {
        let number: String
        let detail: String
    }

    struct File: TemplateValue {
        let name: String
        let format: String
        let note: String
        let columns: [Column]
    }

    struct Column: TemplateValue {
        let header: String
        let target: String
        let note: String
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
}

extension ImportModel.Report {
    init(_ report: ImportReportView, isPreview: Bool, _ texts: Texts) {
        heading = texts(isPreview ? "import.would" : "import.done")
        self.isPreview = isPreview
        counts = [
            ("created", report.created), ("updated", report.updated), ("renamed", report.renamed),
            ("unchanged", report.unchanged), ("inactive", report.inactive), ("left_out", report.leftOut),
            ("groups_created", report.groupsCreated), ("memberships_added", report.membershipsAdded),
            ("memberships_removed", report.membershipsRemoved), ("problem_count", report.problemCount),
        ].map { ImportModel.Count(label: texts("import.counts.\($0.0)"), count: texts.number($0.1)) }
        problems = report.problems
        hasProblems = !report.problems.isEmpty
        warnings = report.warnings.map { ImportModel.Warning($0, texts) }
        hasWarnings = !report.warnings.isEmpty
        files = report.files.map { ImportModel.File($0, texts) }
        samples = report.samples.map { ImportModel.Sample($0, texts) }
        hasSamples = isPreview && !report.samples.isEmpty
    }
}

extension ImportModel.Warning {
    fileprivate init(_ warning: ImportReportView.Warning, _ texts: Texts) {
        let others = warning.count - warning.lines.count
        message = warning.message
        lines = warning.lines.map { ImportModel.Line(number: "\($0.line)", detail: $0.detail) }
        more = others > 0 ? texts("import.more", ["count": texts.number(others)]) : nil
    }
}

extension ImportModel.File {
    fileprivate init(_ file: ImportReportView.File, _ texts: Texts) {
        name = file.file
        format = file.format.isEmpty ? texts("import.no_format") : file.format
        note = file.note
        columns = file.columns.map { column in
            let isWord = ["ignore", "secret"].contains(column.target)
            return ImportModel.Column(
                header: column.header,
                target: isWord ? texts("import.targets.\(column.target)") : column.target,
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
