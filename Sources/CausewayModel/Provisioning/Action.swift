package import CausewayJSON

/// What a run does to one Entra object.
package enum ActionVerb: String, Sendable, CaseIterable {
    case create, link, update, suspend, reactivate, restore, delete, unlink
    case addMembers = "add_members"
    case removeMember = "remove_member"
    case setManager = "set_manager"
    case removeManager = "remove_manager"
    case skip

    /// How many writes it costs at Graph.
    package var writes: Int {
        switch self {
        case .create, .update, .suspend, .reactivate, .restore, .delete, .addMembers, .removeMember,
            .setManager, .removeManager:
            1
        case .link, .unlink, .skip: 0
        }
    }

    /// The human-readable verb.
    package var words: String {
        switch self {
        case .addMembers: "add to"
        case .setManager: "set the manager of"
        case .removeManager: "remove the manager of"
        case .removeMember: "remove from"
        default: rawValue
        }
    }
}

/// Why an action is in the plan; every action has a reason.
package enum ActionReason: String, Sendable, CaseIterable {
    case missingInEntra = "missing_in_entra"
    case vanishedFromEntra = "vanished_from_entra"
    case matchedByImmutableID = "matched_by_immutable_id"
    case matchedByEmployeeID = "matched_by_employee_id"
    case matchedByFormerLink = "matched_by_former_link"
    case matchedByUserPrincipalName = "matched_by_user_principal_name"
    case matchedByMail = "matched_by_mail"
    case matchedByUniqueName = "matched_by_unique_name"
    case matchedByDisplayName = "matched_by_display_name"
    case attributesDiffer = "attributes_differ"
    /// Someone else changed it in Entra.
    case drifted
    case deactivated
    case reactivated
    case returned
    case deletedLocally = "deleted_locally"
    case leftScope = "left_scope"
    case managerDiffers = "manager_differs"
    case managerUnknown = "manager_unknown"
    case memberMissing = "member_missing"
    case memberExtra = "member_extra"
    case skippedByMapping = "skipped_by_mapping"
    case mappingFailed = "mapping_failed"
    case ambiguousMatch = "ambiguous_match"
    /// Another object has a value that must be unique.
    case valueTaken = "value_taken"
    case invalidDesired = "invalid_desired"
    /// Graph refused it, and it is not sent again until something that matters has changed.
    case refused = "refused_by_entra"
    /// Something else determines the members of the group.
    case membersManagedElsewhere = "members_not_ours"
    case actionIsDoNothing = "action_is_do_nothing"

    /// The reason as a human-readable clause.
    package var sentence: String {
        switch self {
        case .missingInEntra: "not in Entra"
        case .vanishedFromEntra: "disappeared from Entra"
        case .matchedByImmutableID: "same immutable id in Entra"
        case .matchedByEmployeeID: "same employee id in Entra"
        case .matchedByFormerLink: "linked to this object before"
        case .matchedByUserPrincipalName: "same user principal name in Entra"
        case .matchedByMail: "same mail address in Entra"
        case .matchedByUniqueName: "same unique name in Entra"
        case .matchedByDisplayName: "same display name in Entra"
        case .attributesDiffer: "attributes differ"
        case .drifted: "changed in Entra by someone else"
        case .deactivated: "deactivated in the directory"
        case .reactivated: "active again in the directory"
        case .returned: "back in scope, and still in Entra's recycle bin"
        case .deletedLocally: "deleted from the directory"
        case .leftScope: "left the provider's scope"
        case .managerDiffers: "another manager in the directory"
        case .managerUnknown: "the manager is not in the directory"
        case .memberMissing: "member of the group in the directory"
        case .memberExtra: "not a member of the group in the directory"
        case .skippedByMapping: "a mapping raised SkipObject"
        case .mappingFailed: "a mapping failed"
        case .ambiguousMatch: "more than one Entra object matches"
        case .valueTaken: "another object has a unique value"
        case .invalidDesired: "Entra would refuse the values"
        case .refused: "refused by Entra ID"
        case .membersManagedElsewhere: "the members of this group are managed elsewhere"
        case .actionIsDoNothing: "the provider's delete action is to do nothing"
        }
    }
}

/// One attribute that differs, with both values; a masked value is shown as `"********"`.
package struct AttributeChange: Hashable, Sendable {
    /// The Graph property name.
    package let attribute: String
    /// The value in Entra; nil if it is unknown.
    package let old: JSONValue?
    /// The desired value.
    package let new: JSONValue

    package init(attribute: String, old: JSONValue?, new: JSONValue) {
        self.attribute = attribute
        self.old = old
        self.new = new
    }
}

/// The order in which a run applies its actions; a phase starts when the one before it has ended. The order of the cases is that order;
/// the raw values are stored.
package enum ActionPhase: Int, Sendable, CaseIterable {
    /// New links to existing Entra objects, and ends of links: nothing is sent.
    case links = 0
    /// Deletions that free a value that the same plan gives to another object.
    case releases = 8
    case users = 1
    case groups = 2
    case memberships = 3
    /// Links to managers: both users exist by then.
    case references = 7
    case removals = 4
    case suspensions = 5
    case deletions = 6
}

/// One step of a plan: an action on one object, and its reason.
package struct Action: Hashable, Sendable {
    /// Its position in the plan, from 1 on.
    package var sequence: Int64
    package let phase: ActionPhase
    /// The order within a phase. Groups are created leaf first, so that a nested group exists before the group that contains it; an
    /// action that takes a value comes after the one that frees it.
    package let level: Int
    package let verb: ActionVerb
    package let kind: ObjectKind
    /// The local object; nil if it was deleted.
    package let object: ObjectReference?
    /// The object's human-readable name: user name, or group name.
    package let name: String
    /// The Entra object; nil before it is created.
    package let entraID: EntraObjectID?
    package let reason: ActionReason
    /// Human-readable details of this case; empty if the reason is sufficient.
    package let detail: String
    package let changes: [AttributeChange]
    /// The members that a create, add or remove carries.
    package let members: [MemberReference]
    /// The secret values that the changes mask, by Graph property path; sealed in the database.
    package let secrets: [String: Secret]
    /// Whether it takes something away, through a first link, from an object that existed in Entra before: these actions always need
    /// approval.
    package let asksFirst: Bool

    package init(
        sequence: Int64 = 0,
        phase: ActionPhase,
        level: Int = 0,
        verb: ActionVerb,
        kind: ObjectKind,
        object: ObjectReference?,
        name: String,
        entraID: EntraObjectID? = nil,
        reason: ActionReason,
        detail: String = "",
        changes: [AttributeChange] = [],
        members: [MemberReference] = [],
        secrets: [String: Secret] = [:],
        asksFirst: Bool = false
    ) {
        self.sequence = sequence
        self.phase = phase
        self.level = level
        self.verb = verb
        self.kind = kind
        self.object = object
        self.name = name
        self.entraID = entraID
        self.reason = reason
        self.detail = detail
        self.changes = changes
        self.members = members
        self.secrets = secrets
        self.asksFirst = asksFirst
    }

    /// The detail of an action that always needs approval.
    package static let asksFirstDetail = "it existed in Entra before it was linked, so a person decides"
}

extension Action {
    /// The same action with another detail; secrets stay with their changes.
    package func with(
        phase: ActionPhase? = nil,
        level: Int? = nil,
        detail: String? = nil,
        changes: [AttributeChange]? = nil,
        asksFirst: Bool? = nil
    ) -> Action {
        let changes = changes ?? self.changes
        let names = Set(changes.map(\.attribute))
        return Action(
            sequence: sequence,
            phase: phase ?? self.phase,
            level: level ?? self.level,
            verb: verb,
            kind: kind,
            object: object,
            name: name,
            entraID: entraID,
            reason: reason,
            detail: detail ?? self.detail,
            changes: changes,
            members: members,
            secrets: secrets.filter { path, _ in names.contains(String(path.prefix { $0 != "." })) },
            asksFirst: asksFirst ?? self.asksFirst
        )
    }

    /// Whether it is destructive: what the guard counts, and what ``asksFirst``, which waits in any number and is not counted.
    ///
    /// Re-creating an object that disappeared counts too: if a tenant wrongly reports everything as gone, it must not be filled a
    /// second time without approval.
    package var isDestructive: Bool {
        switch verb {
        case _ where asksFirst: true
        case .suspend, .delete, .removeMember: true
        case .create, .restore, .unlink: reason == .vanishedFromEntra
        case .link, .update, .reactivate, .addMembers, .setManager, .removeManager, .skip: false
        }
    }

    /// The action in a few words: `delete user ada`.
    package var phrase: String {
        let object = "\(kind.rawValue) \(name)"
        return switch verb {
        case .create: "create \(object)"
        case .link: "link \(object)"
        case .update: "update \(object)"
        case .suspend: "suspend \(object)"
        case .reactivate: "reactivate \(object)"
        case .restore: "restore \(object)"
        case .delete: "delete \(object)"
        case .unlink: "unlink \(object)"
        case .addMembers: "add to \(object)"
        case .removeMember: "remove from \(object)"
        case .setManager: "set the manager of \(object)"
        case .removeManager: "remove the manager of \(object)"
        case .skip: "skip \(object)"
        }
    }
}

/// A member of a group in a plan: a local object, whose Entra id may not be known before the plan is applied, or an Entra
/// object that is known only by its id.
package enum MemberReference: Hashable, Sendable {
    case local(ObjectReference)
    case remote(EntraObjectID)
}
