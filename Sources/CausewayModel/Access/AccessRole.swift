package import Foundation

/// What a signed-in user may do; each role includes the ones before it.
package enum AccessRole: String, Sendable, CaseIterable, Comparable {
    /// Reads everything except secrets.
    case auditor
    /// Runs syncs, and decides about runs that wait for approval.
    case `operator`
    /// Changes everything.
    case administrator

    /// The role's key; the same in every installation.
    package var id: UUID {
        UUID(uuid: (0xCA, 0x05, 0xE3, 0xA7, 0x5D, 0x1B, 0x4C, 0x60, 0x9A, 0x7E, 0x21, 0x6F, 0x0B, 0x94, 0xD8, rank))
    }

    /// The role of that key.
    package init?(id: UUID) {
        guard let role = Self.allCases.first(where: { $0.id == id }) else { return nil }
        self = role
    }

    /// The human-readable name.
    package var title: String {
        switch self {
        case .auditor: "Auditor"
        case .operator: "Operator"
        case .administrator: "Administrator"
        }
    }

    private var rank: UInt8 {
        switch self {
        case .auditor: 1
        case .operator: 2
        case .administrator: 3
        }
    }

    package static func < (left: AccessRole, right: AccessRole) -> Bool { left.rank < right.rank }
}
