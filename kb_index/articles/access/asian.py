"""Words on access in languages of Asia, in the form of the English ones.

In scripts without spaces they are found within a text, the longest one first.
"""

JAPANESE = """
draft: 下書き 下書 草稿 作成中 執筆中 編集中 未公開 未完成
withheld: アーカイブ 削除済み 削除 期限切れ 無効 廃止 掲載終了
withheld_state: 承認待ち レビュー中 確認中 予約 公開終了 公開停止
restricted: 社内 社内専用 社外秘 内部 機密 非公開 部外秘 関係者外秘 外秘 極秘 限定 社内用 内部用 プライベート
hidden: 非表示 秘密 隠し 会員
staff: エージェント 担当者 社員 従業員 職員 スタッフ 管理者 部署 チーム オペレーター
sign_in: ログイン パスワード 認証 サインイン 要ログイン
open: 公開 一般公開 表示 外部 一般
everyone: 全員 全体 すべて 全て 誰でも 顧客 お客様 全ユーザー 全公開 公開範囲なし 制限なし
released: 公開済み 公開中 承認済み 承認 有効 掲載中 発行済み 公開済
state: 状態 ステータス 公開状態 公開状況 承認状態 公開ステータス
audience: 公開範囲 閲覧権限 権限 閲覧制限 制限 機密区分 機密性 対象者 公開対象 閲覧可能 閲覧者 アクセス
  公開先 公開レベル
only: のみ だけ 専用 限り
required: 必須 必要 要
not: 非 不 未 無 ない しない ません 以外
neutral: に を は が の へ 向け 可 用 する 記事 ページ 文書 資料 ユーザー
true: 有 有り あり ○ ◯ する 可 可能 有効 必須
false: 無 無し なし しない 不可 無効
"""

CHINESE = """
draft: 草稿 未发布 未發布 编辑中 編輯中 未完成 未公开 待发布
withheld: 已删除 已刪除 已归档 已歸檔 归档 歸檔 删除 刪除 已过期 过期 已停用 停用 已下线 下线 已下架
  下架 废弃 作废
withheld_state: 待审核 审核中 待審核 審核中 待审批 待處理
restricted: 内部 內部 私密 私有 保密 机密 機密 非公开 非公開 不公开 仅内部 仅供内部 内部使用 绝密 受限 限制
hidden: 隐藏 隱藏 秘密 不可见 不可見 加密 会员 會員
staff: 内部员工 员工 員工 客服 坐席 团队 團隊 管理员 管理員 职员 部门 部門 同事
sign_in: 登录 登錄 登入 密码 密碼 认证 認證
open: 公开 公開 可见 可見 对外 對外 外部
everyone: 所有人 全部 任何人 客户 客戶 全体 所有用户 全员 公众 访客
released: 已发布 已發布 发布 發布 发表 批准 已批准 已审核 上线 已上线 启用 已启用 公開
state: 状态 狀態 审核 审批 审核状态 发布状态 發布狀態 状況
audience: 可见性 可見性 权限 權限 密级 保密级别 受众 可见范围 可見範圍 访问权限 访问 訪問 角色 分组 阅读权限
readers: 角色 分组
only: 仅 僅 只 仅限 僅限 专用
required: 需要 需 必须 必填 须
not: 非 不 未 无 無 否
neutral: 是否 对 對 的 可 使用 用户 用 文章 页面 頁面 文档 文檔
true: 有 已启用 需要
false: 无 没有 不
"""

KOREAN = """
draft: 초안 임시저장 미게시 미발행 작성중 작성_중
withheld: 보관됨 보관 삭제됨 삭제 만료 만료됨 비활성 폐기
withheld_state: 승인대기 검토중 대기 예약
restricted: 내부 사내 비공개 기밀 대외비 내부용 비밀 제한 사내용
hidden: 숨김 숨겨진 보호됨 비표시 회원
staff: 상담원 직원 임직원 에이전트 관리자 팀 담당자 사원
sign_in: 로그인 비밀번호 인증
open: 공개 전체공개 전체_공개 표시 외부
everyone: 모두 전체 모든 고객 누구나 전원
released: 게시 게시됨 발행 발행됨 승인 승인됨 활성
state: 상태 게시상태 승인상태 공개상태
audience: 공개범위 공개_범위 권한 기밀등급 열람권한 공개대상 접근 접근권한 열람
only: 전용 만 한정
required: 필요 필수
not: 비 미 불 안 않음
neutral: 여부 문서 페이지 글 에게 용 의 를 을 은 는
true: 필요 있음
false: 없음
"""

THAI_VIETNAMESE_INDONESIAN = """
draft: ฉบับร่าง แบบร่าง ร่าง bản_nháp =nháp draf konsep belum_terbit chưa_xuất_bản ยังไม่เผยแพร่
withheld: ลบแล้ว เก็บถาวร หมดอายุ đã_xóa lưu_trữ hết_hạn đã_ẩn dihapus diarsipkan kedaluwarsa nonaktif
  arsip
withheld_state: รออนุมัติ รอตรวจสอบ chờ_duyệt menunggu ditinjau
restricted: ภายใน ส่วนตัว ลับ จำกัด nội_bộ riêng_tư bí_mật =mật hạn_chế rahasia pribadi terbatas
  internal
hidden: ซ่อน =ẩn tersembunyi disembunyikan dilindungi
staff: พนักงาน ทีมงาน เจ้าหน้าที่ nhân_viên staf karyawan pegawai agen tim petugas
sign_in: เข้าสู่ระบบ รหัสผ่าน đăng_nhập mật_khẩu masuk kata_sandi
open: สาธารณะ เปิดเผย มองเห็น công_khai hiển_thị publik umum terlihat eksternal
everyone: ทุกคน ลูกค้า mọi_người tất_cả khách_hàng semua pelanggan siapa_saja
released: เผยแพร่ เผยแพร่แล้ว อนุมัติ xuất_bản đã_xuất_bản đã_duyệt terbit diterbitkan dipublikasikan
  disetujui
state: สถานะ trạng_thái tình_trạng keadaan
audience: การมองเห็น การเข้าถึง สิทธิ์ quyền quyền_truy_cập phạm_vi đối_tượng visibilitas akses izin
  peran kerahasiaan
readers: peran
only: เท่านั้น เฉพาะ chỉ hanya khusus
required: ต้อง จำเป็น bắt_buộc yêu_cầu wajib diperlukan perlu
not: ไม่ ยังไม่ không chưa tidak bukan belum
neutral: สำหรับ cho dành để untuk dengan
"""

ARABIC_HEBREW = """
draft: مسودة مسوّدة المسودة غير_منشور طيوتا טיוטה טיוטות
withheld: مؤرشف محذوف منتهي منتهية الأرشيف في_الأرشيف בארכיון ארכיון נמחק פג_תוקף לא_פעיל
withheld_state: قيد_المراجعة في_الانتظار ממתין בבדיקה
restricted: داخلي داخلية الداخلي سري سرية خاص خاصة مقيد פנימי פנימית סודי סודית פרטי פרטית חסוי מוגבל
hidden: مخفي مخفية محمي מוסתר מוסתרת נסתר מוגן
staff: الموظفين موظفون موظفين للموظفين الموظفون وكلاء الفريق עובדים לעובדים נציגים צוות סוכנים
sign_in: تسجيل_الدخول كلمة_المرور התחברות סיסמה
open: عام عامة العام مرئي مرئية علني ציבורי ציבורית גלוי פומבי
everyone: الجميع للجميع الكل العملاء للعملاء הכל כולם לכולם לקוחות
released: منشور منشورة منشورا نشر معتمد פורסם מפורסם מאושר פעיל
state: الحالة حالة סטטוס מצב סטאטוס
audience: الرؤية إمكانية_الوصول الوصول صلاحية صلاحيات الجمهور نطاق נראות גישה הרשאה הרשאות קהל_יעד סיווג
only: فقط בלבד רק
required: مطلوب يتطلب נדרש נדרשת חובה
not: غير لا ليس לא בלי אינו
neutral: على من في إلى של את
"""
