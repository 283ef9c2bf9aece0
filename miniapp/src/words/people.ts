import type { Certificate, Claims, Diploma, Profile, Title, UploadKind, Work } from '@/api'
import { monthText } from './days'

interface Choice<T extends string = string> {
  value: T
  text: string
}

export const DOCUMENTS: Choice<Profile['document_type']>[] = [
  { value: 'id_card', text: '居民身份证（含港澳台居民居住证）' },
  { value: 'hk_macao_permit', text: '港澳居民来往内地通行证' },
  { value: 'taiwan_permit', text: '台湾居民来往大陆通行证' },
  { value: 'foreign_permanent', text: '外国人永久居留身份证' },
  { value: 'passport', text: '护照' },
]
export const SEXES: Choice[] = [
  { value: '男', text: '男' },
  { value: '女', text: '女' },
]
export const LEVELS: Choice[] = [
  { value: '5', text: '五级/初级工' },
  { value: '4', text: '四级/中级工' },
  { value: '3', text: '三级/高级工' },
  { value: '2', text: '二级/技师' },
  { value: '1', text: '一级/高级技师' },
]
export const GRADES: Choice<Title['grade']>[] = [
  { value: 'junior', text: '初级职称' },
  { value: 'middle', text: '中级职称' },
  { value: 'senior', text: '高级职称' },
]
export const SCHOOLS: Choice<Diploma['school']>[] = [
  { value: 'secondary_vocational', text: '中等职业学校' },
  { value: 'technical', text: '技工院校' },
  { value: 'technical_senior', text: '技工院校高级工班及以上' },
  { value: 'technician_college', text: '技师学院' },
  { value: 'technician_class', text: '技师学院预备技师班、技师班（在读）' },
  { value: 'higher_vocational', text: '高等职业学校' },
  { value: 'college', text: '专科及以上普通高等学校' },
]
export const EVIDENCE: Record<UploadKind, string> = {
  work: '工作证明',
  certificate: '职业资格（职业技能等级）证书',
  title: '职称证书',
  diploma: '毕业证书',
  student: '在读证明',
  identity: '身份证件',
  other: '其他材料',
}

function named(choices: Choice[], value: string | number): string {
  return choices.find((one) => one.value === String(value))?.text ?? ''
}

// --- what somebody says of themselves, a line each

export function workText(one: Work): string {
  const until = one.until ? monthText(one.until) : '现在'
  return `${monthText(one.since)}至${until}${one.occupation ? `　${one.occupation}` : ''}`
}

export function certificateText(one: Certificate): string {
  return `${one.occupation} ${named(LEVELS, one.level)}　${monthText(one.issued_on)}取得`
}

export function titleText(one: Title): string {
  return `${named(GRADES, one.grade)}　${monthText(one.issued_on)}取得`
}

export function diplomaText(one: Diploma): string {
  return `${named(SCHOOLS, one.school)}　${one.major}${one.final_year ? '（应届在读）' : ''}`
}

export type Section = 'work' | 'certificates' | 'titles' | 'diplomas'
export const SECTIONS: { section: Section; title: string; none: string; add: string }[] = [
  { section: 'work', title: '工作经历', none: '还没有填写', add: '添加工作经历' },
  { section: 'certificates', title: '职业技能证书', none: '没有可不填', add: '添加证书' },
  { section: 'titles', title: '职称', none: '没有可不填', add: '添加职称' },
  { section: 'diplomas', title: '学历', none: '没有可不填', add: '添加学历' },
]

export function linesOf(claims: Claims, section: Section): string[] {
  switch (section) {
    case 'work':
      return claims.work.map(workText)
    case 'certificates':
      return claims.certificates.map(certificateText)
    case 'titles':
      return claims.titles.map(titleText)
    case 'diplomas':
      return claims.diplomas.map(diplomaText)
  }
}
