/// The template `run`: a run, its plan, and the outcomes.
struct RunPage: PageModel {
    static let template = "run"

    let run: ShownRun
    let approval: ShownApproval?
    /// The stream that says when the page is out of date; nil unless an approval is being applied.
    let live: ProviderFrame.Live?
    let counts: [Count]
    let actions: [ActionRow]
    let hasActions: Bool
    let pages: Paging
    /// Links to the actions with each outcome.
    let outcomes: [TabLink]
    let isWaiting: Bool
    /// Whether the plan can be applied.
    let isShownPlan: Bool
    /// Whether the plan could be applied if the provider were not set to dry run.
    let isDryRunPlan: Bool
    /// The form of the provider.
    let edit: Address
    let base: String
    /// Why there are no actions.
    let empty: String
    /// Why there are no counts.
    let nothing: String
    let isFiltered: Bool
    let outcome: String?
    let search: String
    let actionsToChoose: [ChoiceOption]

    /// The number of actions of a kind with an outcome.
    struct Count: TemplateValue {
        let words: String
        let outcome: String
        let count: String
    }
}
