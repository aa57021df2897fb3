/// Something in a file that a person should check, although it was imported, or left out for a reason.
package struct ImportWarning: Sendable {
    /// What it is about.
    package enum Kind: String, Sendable, CaseIterable {
        case exampleRow = "example_row"
        case totalRow = "total_row"
        case headerRow = "header_row"
        case shortRow = "short_row"
        case noAddress = "no_address"
        case notAddress = "not_address"
        case oddDomain = "odd_domain"
        case unverifiedDomain = "unverified_domain"
        case formula
        case typeName = "type_name"
        case employeeIDTaken = "employee_id_taken"
        case employeeIDChanges = "employee_id_changes"
        case mostInactive = "most_inactive"

        /// A human-readable sentence.
        package var sentence: String {
            switch self {
            case .exampleRow: "Example rows of Microsoft's templates are left out."
            case .totalRow: "Rows with totals are left out."
            case .headerRow: "Rows that repeat the names of the columns are left out."
            case .shortRow: "Rows have fewer fields than the header; check that no field is in the wrong column."
            case .noAddress:
                "Users have no address. The default mapping makes the user principal name from it, so Entra would refuse them."
            case .notAddress: "User names should be addresses in such a file, and these are not."
            case .oddDomain: "Addresses end in a domain without a dot."
            case .unverifiedDomain: "Addresses are in domains that are not verified in the tenant of any provider."
            case .formula: "Cells contain formulas, which are not read: existing values stay."
            case .typeName:
                "PowerShell wrote the name of a type instead of the values of a list; those cells are not read."
            case .employeeIDTaken:
                "Other users already have these employee ids, so two users share one now. If it is the same person under a "
                    + "new user name, import with the employee id as the key (--key employee_id)."
            case .employeeIDChanges:
                "The employee id of existing user names changes. Check whether another person got the user name."
            case .mostInactive:
                "More than half of the users in the file become inactive. Check the meaning of the column; --map "
                    + "'HEADER=is_active' or 'HEADER=is_blocked' reverses it."
            }
        }
    }

    package let kind: Kind
    /// How many lines it is about.
    package private(set) var count = 0
    /// The first of them.
    package private(set) var lines: [Line] = []

    /// One line that it is about.
    package struct Line: Sendable {
        package let number: Int
        /// The user or value that it is about.
        package let detail: String
    }

    fileprivate static let mostLines = 20

    fileprivate init(kind: Kind) { self.kind = kind }

    fileprivate mutating func add(_ line: Int, _ detail: String) {
        count += 1
        if lines.count < Self.mostLines { lines.append(Line(number: line, detail: detail)) }
    }
}

/// The warnings of a file, one of a kind.
struct WarningList {
    private var warnings: [ImportWarning.Kind: ImportWarning] = [:]

    mutating func add(_ kind: ImportWarning.Kind, _ line: Int, _ detail: String) {
        warnings[kind, default: ImportWarning(kind: kind)].add(line, String(detail.prefix(200)))
    }

    /// Merges the warnings of another list, of other kinds.
    mutating func add(_ more: WarningList) { warnings.merge(more.warnings) { $1 } }

    var all: [ImportWarning] { ImportWarning.Kind.allCases.compactMap { warnings[$0] } }
}
