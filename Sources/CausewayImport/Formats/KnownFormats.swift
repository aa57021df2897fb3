/// Every known format of files, the more specific before the more general.
enum KnownFormats {
    private static let users =
        FileFormat.microsoft + FileFormat.activeDirectory + FileFormat.directories
        + FileFormat.humanResources

    private static let groups: [FileFormat] = [
        FileFormat("Google Workspace group members", all: "Group Email,Member Email"),
        FileFormat(
            "Microsoft Entra template for members of a group",
            all: "[memberObjectIdOrUpn]",
            isComplete: true,
            refusal: "Entra's template for the members of a group names no group. Add a column 'group' with its name."
        ),
        FileFormat(
            "Microsoft Entra groups, as downloaded",
            all: "displayName",
            anyOf: "groupType,membershipType,isAssignableToRole,securityEnabled,groupTypes,onPremisesSyncEnabled"
        ),
        FileFormat("Active Directory groups from PowerShell (Get-ADGroup)", all: "Name,GroupCategory,GroupScope"),
    ]

    /// The format of a file of users; nil if its columns match none.
    static func users(_ headers: [ColumnHeader]) -> FileFormat? { users.first { $0.fits(headers) } }

    /// The format of a file of groups; nil if its columns match none.
    static func groups(_ headers: [ColumnHeader]) -> FileFormat? { groups.first { $0.fits(headers) } }
}
