"""The keys of records, in their order."""


def _names(text: str) -> list[str]:
    return text.split()


WORK = _names(
    "id occurrence final_mark status validated? current_team_id project cursus_ids marked_at"
    " marked retriable_at created_at updated_at user teams"
)
PROJECT = _names("id name slug parent_id")
PROJECT_NESTED = _names(
    "id name slug difficulty parent children attachments created_at updated_at exam git_id"
    " repository"
)
PROJECT_RECORD = [*PROJECT_NESTED, *_names("cursus campus videos project_sessions")]
PROJECT_REFERENCE = _names("name id slug url")
SESSION_NESTED = _names(
    "id solo begin_at end_at estimate_time difficulty objectives description duration_days"
    " terminating_after project_id campus_id cursus_id created_at updated_at max_people"
    " is_subscriptable scales uploads team_behaviour commit"
)
SESSION = [
    *SESSION_NESTED,
    *_names("project campus cursus evaluations project_sessions_rules"),
]
USER = _names(
    "id email login first_name last_name usual_full_name usual_first_name url phone displayname"
    " kind image staff? correction_point pool_month pool_year location wallet anonymize_date"
    " data_erasure_date created_at updated_at alumnized_at alumni? active?"
)
BELONGINGS = _names(
    "groups cursus_users projects_users languages_users achievements titles titles_users"
    " partnerships patroned patroning expertises_users roles campus campus_users"
)
TEAM = _names(
    "id name url final_mark project_id created_at updated_at status terminating_at users locked?"
    " validated? closed? repo_url repo_uuid locked_at closed_at project_session_id"
    " project_gitlab_path"
)
TEAM_RECORD = [*TEAM, *_names("scale_teams teams_uploads")]
SCALE_TEAM = _names(
    "id scale_id comment created_at updated_at feedback final_mark flag begin_at correcteds"
    " corrector truant filled_at questions_with_answers scale team feedbacks"
)
SCALE = _names(
    "id evaluation_id name is_primary comment introduction_md disclaimer_md guidelines_md"
    " created_at correction_number duration manual_subscription languages flags free"
)
FLAG = _names("id name positive icon created_at updated_at")
TEAMS_USER = _names("id team_id user_id created_at validated leader occurrence team user")
TEAMS_UPLOAD = _names("id final_mark comment created_at upload_id upload")
MEMBER = _names("id login url leader occurrence validated projects_user_id")
CAMPUS = _names(
    "id name time_zone language users_count vogsphere_id country address zip city website facebook"
    " twitter active public email_extension default_hidden_phone endpoint"
)
LANGUAGE = _names("id name identifier")
CURSUS = _names("id created_at name slug kind")
CURSUS_USER = _names(
    "grade level skills blackholed_at id begin_at end_at cursus_id has_coalition created_at"
    " updated_at user cursus"
)
LOCATION = _names("end_at id begin_at primary host campus_id user")
CAMPUS_USER = _names("id user_id campus_id is_primary created_at updated_at")
COALITION = _names("id name slug image_url cover_url color score user_id")
BLOC = _names("id campus_id cursus_id squad_size created_at updated_at coalitions")
COALITIONS_USER = _names("id coalition_id user_id score rank created_at updated_at")
SCORE = _names(
    "id coalition_id scoreable_id scoreable_type coalitions_user_id calculation_id value reason"
    " created_at updated_at"
)
EVENT = _names(
    "id name description location kind max_people nbr_subscribers begin_at end_at campus_ids"
    " cursus_ids created_at updated_at prohibition_of_cancellation waitlist themes"
)
EXAM = _names(
    "id ip_range begin_at end_at location max_people nbr_subscribers name created_at updated_at"
    " campus cursus projects"
)
CAMPUS_SUMMARY = CAMPUS[:-1]
PROJECT_SUMMARY = _names(
    "id name slug difficulty parent children attachments created_at updated_at exam git_id"
    " repository"
)
QUEST = _names(
    "id name slug kind internal_name description cursus_id campus_id created_at updated_at grade_id"
    " position grade cursus campus"
)
QUESTS_USER = _names(
    "id end_at quest_id validated_at prct advancement created_at updated_at user quest"
)
EVENTS_USER = _names("id event_id user_id user event")
GROUP = TITLE = _names("id name")
GROUPS_USER = _names("id user_id group_id created_at updated_at")
TITLES_USER = _names("id user_id title_id selected created_at updated_at")
STEP = _names("id name description tier kind visible image nbr_of_success users_url")
ACHIEVEMENT = [*STEP, *_names("campus achievements parent title")]
ACHIEVEMENTS_USER = _names(
    "id achievement_id user_id login nbr_of_success url created_at updated_at"
)
ROLE = _names("id name description")
LANGUAGES_USER = _names("id language_id user_id position created_at")
SKILL = _names("id slug name created_at")
EXPERTISE = _names("id name slug url kind created_at expertises_users_url")
KNOWLEDGE = _names("id expertise_id interested value contact_me created_at user_id")
EXPERTISES_USER = [*KNOWLEDGE, "expertise", "user"]
CORRECTION_POINT = _names("id scale_team_id reason sum total created_at updated_at")
TAG = _names("id name kind users subnotions")
NOTION = _names("id name slug created_at subnotions tags cursus")
SUBNOTION_SUMMARY = _names("id name slug created_at notepad")
SUBNOTION = [*SUBNOTION_SUMMARY, "attachments", "notion"]
SCALE_RECORD = [*SCALE, "sections", "evaluation"]
SESSION_SKILL = _names("id project_session_id skill_id value created_at updated_at")
TRANSACTION = _names("id value user_id transactable_id transactable_type reason user options")
FEEDBACK = _names("id user feedbackable_type feedbackable_id comment rating created_at")
