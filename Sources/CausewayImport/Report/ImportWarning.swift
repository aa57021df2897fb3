/// Something in a file that a person should look at, though it was imported, or left out with reason.
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

        /// A sentence for people.
        package var sentence: String {
            switch self {
            case .exampleRow: "Example rows of Microsoft's templates are left out."
            case .totalRow: "Rows with totals are left out."
            case .headerRow: "Rows that repeat the names of the columns are left out."
            case .shortRow: "Rows have fewer fields than the header; check that no field has moved."
            case .noAddress:
                "People have no address. The default mapping makes the user principal name of it, so Entra takes none of them."
            case .notAddress: "User names should be addresses in such a file, and these are none."
            case .oddDomain: "Addresses end in a domain without a full stop."
            case .unverifiedDomain: "Addresses are in domains that are not verified in the tenant of any provider."
            case .formula: "Cells hold formulas, which are not read: what was there before stays."
            case .typeName:
                "PowerShell wrote the name of a type in place of the values of a list; those cells are not read."
            case .employeeIDTaken:
                "Employee ids are somebody else's already, so there are two people with one now. If it is the same person under a "
                    + "new user name, import with the employee id as the key (--key employee_id)."
            case .employeeIDChanges:
                "People get another employee id under the user name that they have; is it somebody else who got the name?"
            case .mostInactive:
                "More than half of the people in the file become inactive. Check that the column says what it is taken for; --map "
                    + "'HEADER=is_active' or 'HEADER=is_blocked' turns it round."
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
        /// Whom or what it is about there.
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

    /// Those of another list as well, of other kinds.
    mutating func add(_ more: WarningList) { warnings.merge(more.warnings) { $1 } }

    var all: [ImportWarning] { ImportWarning.Kind.allCases.compactMap { warnings[$0] } }
}
